import COpenSSL

/// A digest that signatures may be made over.
public enum DigestAlgorithm: Sendable, Hashable, CaseIterable {
    /// FIPS 180-4 SHA-256.
    case sha256
    /// FIPS 180-4 SHA-384.
    case sha384
    /// FIPS 180-4 SHA-512.
    case sha512

    /// How many bytes a digest has.
    public var byteCount: Int {
        switch self {
        case .sha256: 32
        case .sha384: 48
        case .sha512: 64
        }
    }

    /// The digest of a message. Cannot fail: the one-shot functions return their own output buffer.
    public func digest(_ message: [UInt8]) -> [UInt8] {
        switch self {
        case .sha256: Self.fill(byteCount) { SHA256(message, message.count, $0) }
        case .sha384: Self.fill(byteCount) { SHA384(message, message.count, $0) }
        case .sha512: Self.fill(byteCount) { SHA512(message, message.count, $0) }
        }
    }

    /// OpenSSL's name for it; a constant, not to be freed.
    package var handle: OpaquePointer? {
        switch self {
        case .sha256: EVP_sha256()
        case .sha384: EVP_sha384()
        case .sha512: EVP_sha512()
        }
    }

    private static func fill(_ count: Int, _ body: (UnsafeMutablePointer<UInt8>?) -> Void) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            body(buffer.baseAddress)
            filled = count
        }
    }
}
