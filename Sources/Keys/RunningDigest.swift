import COpenSSL

/// A digest of a message that comes in parts, such as a file that is larger than memory.
public struct RunningDigest: ~Copyable {
    /// Which digest.
    public let algorithm: DigestAlgorithm
    private let context: OpaquePointer

    /// Begins with the empty message. Throws `.openSSL` for lack of memory.
    public init(_ algorithm: DigestAlgorithm) throws(KeysError) {
        guard let context = EVP_MD_CTX_new() else { throw KeysError.failure("make a digest") }
        guard EVP_DigestInit_ex(context, algorithm.handle, nil) == 1 else {
            EVP_MD_CTX_free(context)
            throw KeysError.failure("make a digest")
        }
        self.algorithm = algorithm
        self.context = context
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Adds a part. Throws `.openSSL`.
    public mutating func update(_ part: ArraySlice<UInt8>) throws(KeysError) {
        let code = part.withUnsafeBytes { EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
        try KeysError.require(code, "make a digest")
    }

    /// The digest of all parts. Throws `.openSSL`.
    public consuming func finish() throws(KeysError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: algorithm.byteCount)
        try KeysError.require(EVP_DigestFinal_ex(context, &bytes, nil), "make a digest")
        return bytes
    }
}
