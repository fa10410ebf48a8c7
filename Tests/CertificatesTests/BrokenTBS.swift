import SwiftASN1
import Testing

/// A TBSCertificate in pieces that can be exchanged, to stand for a builder with a fault.
struct BrokenTBS {
    var fields: [[UInt8]]
    var extensions: [[UInt8]]

    init(_ tbs: [UInt8]) throws {
        fields = try Self.parts(tbs).dropLast().map { $0 }
        let wrapper = try #require(Self.parts(tbs).last)
        extensions = try Self.parts(#require(Self.parts(wrapper).first))
    }

    private static func parts(_ element: [UInt8]) throws -> [[UInt8]] {
        guard case .constructed(let nodes) = try DER.parse(element).content else { return [] }
        return nodes.map { Array($0.encodedBytes) }
    }

    var encoded: [UInt8] {
        var serializer = DER.Serializer()
        serializer.appendConstructedNode(identifier: .sequence) { tbs in
            for field in fields { tbs.serializeRawBytes(field) }
            tbs.appendConstructedNode(identifier: ASN1Identifier(tagWithNumber: 3, tagClass: .contextSpecific)) {
                $0.appendConstructedNode(identifier: .sequence) { list in
                    for item in extensions { list.serializeRawBytes(item) }
                }
            }
        }
        return serializer.serializedBytes
    }

    /// The place of the extension with this identifier.
    func place(_ identifier: String) throws -> Int {
        try #require(extensions.firstIndex { (try? Self.oid($0)) == identifier })
    }

    static func oid(_ item: [UInt8]) throws -> String {
        try ASN1ObjectIdentifier(derEncoded: #require(parts(item).first)).description
    }

    /// Exchanges criticality, content or both of one extension.
    mutating func change(
        _ place: Int,
        critical: (Bool) -> Bool = { $0 },
        value: ([UInt8]) -> [UInt8] = { $0 }
    ) throws {
        let parts = try Self.parts(extensions[place])
        let content = try #require(parts.last)
        var serializer = DER.Serializer()
        try serializer.appendConstructedNode(identifier: .sequence) { item in
            item.serializeRawBytes(parts[0])
            if critical(parts.count == 3) { try item.serialize(true) }
            let octets = try ASN1OctetString(derEncoded: content).bytes
            try item.serialize(ASN1OctetString(contentBytes: value(Array(octets))[...]))
        }
        extensions[place] = serializer.serializedBytes
    }
}
