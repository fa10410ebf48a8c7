import COpenSSL

/// What each of the two rooms that call OpenSSL needs of it.
package enum OpenSSL {
    /// Empties this thread's error queue, so that nothing is blamed on a later call, and says what was in it.
    package static func drainErrors() -> [String] {
        var reasons: [String] = []
        while true {
            let code = ERR_get_error()
            guard code != 0 else { return reasons }
            // "NULL if none is registered for the error code": ERR_reason_error_string(3).
            reasons.append(ERR_reason_error_string(code).map { String(cString: $0) } ?? "error \(code)")
        }
    }

    /// The bytes of an `i2d` function that allocates, freed here; nil when it fails.
    ///
    /// "If *ppout is NULL memory will be allocated for a buffer and the encoded data written to it": d2i_X509(3).
    package static func bytes(
        _ encode: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>) -> Int32
    ) -> [UInt8]? {
        var pointer: UnsafeMutablePointer<UInt8>?
        let count = encode(&pointer)
        guard count > 0, let pointer else { return nil }
        // What the macro OPENSSL_free expands to; the file and line are for memory debugging only.
        defer { CRYPTO_free(pointer, nil, 0) }
        return Array(UnsafeBufferPointer(start: pointer, count: Int(count)))
    }

    /// What a `d2i` function reads, the caller's to free; nil, and no error in the queue, unless every byte belongs to it.
    package static func object(
        in der: [UInt8],
        free: (OpaquePointer?) -> Void,
        _ decode: (UnsafeMutablePointer<UnsafePointer<UInt8>?>, Int) -> OpaquePointer?
    ) -> OpaquePointer? {
        der.withUnsafeBufferPointer { buffer in
            var position = buffer.baseAddress
            // "*ppin is incremented to the byte following the parsed data": d2i_X509(3).
            guard let object = decode(&position, buffer.count) else {
                ERR_clear_error()
                return nil
            }
            guard let start = buffer.baseAddress, let position, position - start == buffer.count else {
                free(object)
                return nil
            }
            return object
        }
    }
}
