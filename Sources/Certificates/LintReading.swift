import SwiftASN1
import X509

/// A TBSCertificate (RFC 5280 §4.1) as swift-asn1 reads it; each field as the bytes it stands in.
struct LintReading {
    /// The content of the INTEGER; empty if there is no version.
    let version: ArraySlice<UInt8>
    /// The content of the INTEGER.
    let serialNumber: ArraySlice<UInt8>
    let signatureAlgorithm: ArraySlice<UInt8>
    let issuer: ArraySlice<UInt8>
    let notBefore: LintTime
    let notAfter: LintTime
    let subject: ArraySlice<UInt8>
    let publicKey: ArraySlice<UInt8>
    let extensions: [X509.Certificate.Extension]
    /// Whether there is a field that is none of these.
    let hasUnexpectedField: Bool

    /// All fields before the extensions, and each extension.
    private let encodedFields: [ArraySlice<UInt8>]
    private let encodedExtensions: [ArraySlice<UInt8>]

    /// Reads strict DER; every byte must belong to it.
    init(_ tbs: [UInt8]) throws {
        let root = try DER.parse(tbs)
        guard root.identifier == .sequence, case .constructed(let nodes) = root.content else {
            throw ASN1Error.unexpectedFieldType(root.identifier)
        }
        var fields = nodes.makeIterator()
        var encodedFields: [ArraySlice<UInt8>] = []
        var field = fields.next()
        /// The current field; the next one becomes current.
        func take() throws -> ASN1Node {
            guard let taken = field else { throw ASN1Error.truncatedASN1Field() }
            encodedFields.append(taken.encodedBytes)
            field = fields.next()
            return taken
        }
        if let first = field, first.identifier == Self.context(0) {
            version = try DER.explicitlyTagged(take(), tagNumber: 0, tagClass: .contextSpecific, Self.integer)
        } else {
            version = []
        }
        serialNumber = try Self.integer(take())
        signatureAlgorithm = try take().encodedBytes
        issuer = try take().encodedBytes
        (notBefore, notAfter) = try DER.sequence(take(), identifier: .sequence) { times in
            (try LintTime(times.next()), try LintTime(times.next()))
        }
        subject = try take().encodedBytes
        publicKey = try take().encodedBytes
        var hasUnexpectedField = false
        var extensions: [X509.Certificate.Extension] = []
        var encodedExtensions: [ArraySlice<UInt8>] = []
        while let node = field {
            guard node.identifier == Self.context(3), extensions.isEmpty else {
                hasUnexpectedField = true
                _ = try take()
                continue
            }
            field = fields.next()
            try DER.explicitlyTagged(node, tagNumber: 3, tagClass: .contextSpecific) { list in
                guard list.identifier == .sequence, case .constructed(let nodes) = list.content else {
                    throw ASN1Error.unexpectedFieldType(list.identifier)
                }
                for node in nodes {
                    extensions.append(try Self.extension(node))
                    encodedExtensions.append(node.encodedBytes)
                }
            }
        }
        self.hasUnexpectedField = hasUnexpectedField
        self.extensions = extensions
        self.encodedFields = encodedFields
        self.encodedExtensions = encodedExtensions
    }

    /// The TBSCertificate put together again without its last extension.
    func withoutLastExtension() -> [UInt8] {
        var serializer = DER.Serializer()
        serializer.appendConstructedNode(identifier: .sequence) { tbs in
            for field in encodedFields { tbs.serializeRawBytes(field) }
            tbs.appendConstructedNode(identifier: Self.context(3)) { wrapper in
                wrapper.appendConstructedNode(identifier: .sequence) { list in
                    for `extension` in encodedExtensions.dropLast() { list.serializeRawBytes(`extension`) }
                }
            }
        }
        return serializer.serializedBytes
    }

    private static func context(_ number: UInt) -> ASN1Identifier {
        ASN1Identifier(tagWithNumber: number, tagClass: .contextSpecific)
    }

    private static func integer(_ node: ASN1Node) throws -> ArraySlice<UInt8> {
        guard node.identifier == .integer, case .primitive(let content) = node.content else {
            throw ASN1Error.unexpectedFieldType(node.identifier)
        }
        return content
    }

    private static func `extension`(_ node: ASN1Node) throws -> X509.Certificate.Extension {
        try DER.sequence(node, identifier: .sequence) { parts in
            let oid = try ASN1ObjectIdentifier(derEncoded: &parts)
            let critical = try DER.decodeDefault(&parts, defaultValue: false)
            let value = try ASN1OctetString(derEncoded: &parts)
            return X509.Certificate.Extension(oid: oid, critical: critical, value: value.bytes)
        }
    }
}
