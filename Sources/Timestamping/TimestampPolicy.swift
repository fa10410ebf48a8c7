import COpenSSL
import Keys

/// The policy that a timestamp names: what the authority promises, as an object identifier (RFC 3161 §2.4.2).
public struct TimestampPolicy: Sendable, Hashable {
    /// Sigstore's: what its own authority names unless it is told otherwise.
    public static let sigstore = "1.3.6.1.4.1.57264.2"

    /// In dotted form.
    public let dotted: String

    /// Reads the dotted form; at most 128 characters. Throws ``TimestampingError/policyInvalid``.
    public init(_ dotted: String) throws(TimestampingError) {
        guard dotted.utf8.count <= 128, let object = OBJ_txt2obj(dotted, 1) else {
            ERR_clear_error()
            throw .policyInvalid
        }
        defer { ASN1_OBJECT_free(object) }
        // What reads otherwise, such as one with leading zeros, is another spelling of an identifier.
        guard Self.text(object) == dotted else { throw .policyInvalid }
        self.dotted = dotted
    }

    /// An object that was read from a request; nil when its text is longer than any identifier has reason to be.
    init?(_ object: OpaquePointer) {
        guard let text = Self.text(object) else { return nil }
        dotted = text
    }

    /// Lends the identifier to OpenSSL.
    func withObject<R>(_ body: (OpaquePointer) throws(TimestampingError) -> R) throws(TimestampingError) -> R {
        guard let object = OBJ_txt2obj(dotted, 1) else { throw .failure("name a policy") }
        defer { ASN1_OBJECT_free(object) }
        return try body(object)
    }

    private static func text(_ object: OpaquePointer) -> String? {
        // "In any case it returns the total string length, excluding the NUL character": OBJ_obj2txt(3).
        let length = OBJ_obj2txt(nil, 0, object, 1)
        guard (1...256).contains(length) else { return nil }
        let text = [CChar](unsafeUninitializedCapacity: Int(length) + 1) { buffer, count in
            count = Int(max(0, OBJ_obj2txt(buffer.baseAddress, length + 1, object, 1)))
        }
        return String(decoding: text.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
