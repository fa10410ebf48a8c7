import COpenSSL

/// The system's random numbers, through OpenSSL.
public enum Randomness {
    /// Unpredictable bytes. Throws `.openSSL` when there is no entropy.
    public static func bytes(_ count: Int) throws(KeysError) -> [UInt8] {
        guard let size = Int32(exactly: count), size >= 0 else {
            throw .openSSL(operation: "make random bytes", reasons: ["count out of range"])
        }
        var bytes = [UInt8](repeating: 0, count: count)
        try KeysError.require(RAND_bytes(&bytes, size), "make random bytes")
        return bytes
    }
}
