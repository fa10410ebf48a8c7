import COpenSSL

extension SigningKey {
    /// PBKDF2 rounds of the keys that are written; reading takes what the file says.
    private static let iterations: Int32 = 600_000

    /// Reads a PEM key: PKCS #8, encrypted PKCS #8, `EC PRIVATE KEY`, `RSA PRIVATE KEY`, or one of these encrypted in
    /// the old way (RFC 1421 `DEK-Info`). Nobody is asked for a passphrase.
    ///
    /// Throws `.unparsable`, `.weak`, `.passphraseNeeded` and `.wrongPassphrase`.
    public convenience init(pem: [UInt8], passphrase: Passphrase?) throws(KeysError) {
        let isEncrypted =
            pem.containsText("ENCRYPTED PRIVATE KEY") || pem.containsText("Proc-Type: 4,ENCRYPTED")
        if isEncrypted, passphrase == nil { throw .passphraseNeeded }
        let key = pem.withUnsafeBytes { Self.read($0, passphrase) }
        guard let key else {
            ERR_clear_error()
            throw isEncrypted ? .wrongPassphrase : .unparsable
        }
        try self.init(handle: KeyHandle(adopting: key))
    }

    /// "BIO_new_mem_buf() … the data is not copied": BIO_s_mem(3). So all of the reading is done while it is lent.
    private static func read(_ pem: UnsafeRawBufferPointer, _ passphrase: Passphrase?) -> OpaquePointer? {
        guard let count = Int32(exactly: pem.count), let bio = BIO_new_mem_buf(pem.baseAddress, count) else {
            return nil
        }
        defer { BIO_free(bio) }
        guard let passphrase else {
            // The callback answers nothing, where OpenSSL's own would ask on the terminal.
            return PEM_read_bio_PrivateKey(bio, nil, { _, _, _, _ in -1 }, nil)
        }
        return passphrase.withSecureBytes { bytes in
            var request = PassphraseRequest(bytes: bytes)
            return PEM_read_bio_PrivateKey(bio, nil, PassphraseRequest.answer, &request)
        }
    }

    /// PKCS #8 in PEM; with a passphrase encrypted with AES-256-CBC under PBKDF2-HMAC-SHA256 (RFC 8018).
    /// Throws `.openSSL`.
    public func pem(passphrase: Passphrase?) throws(KeysError) -> [UInt8] {
        guard let bio = BIO_new(BIO_s_secmem()) else { throw KeysError.failure("write a key") }
        defer { BIO_free(bio) }
        guard let info = EVP_PKEY2PKCS8(handle.pointer) else { throw KeysError.failure("write a key") }
        defer { PKCS8_PRIV_KEY_INFO_free(info) }
        if let passphrase {
            let encrypted = try Self.encrypt(info, passphrase)
            defer { X509_SIG_free(encrypted) }
            try KeysError.require(PEM_write_bio_PKCS8(bio, encrypted), "write a key")
        } else {
            try KeysError.require(PEM_write_bio_PKCS8_PRIV_KEY_INFO(bio, info), "write a key")
        }
        var bytes = [UInt8](repeating: 0, count: Int(BIO_ctrl_pending(bio)))
        let count = BIO_read(bio, &bytes, Int32(truncatingIfNeeded: bytes.count))
        guard count == bytes.count else { throw KeysError.failure("write a key") }
        return bytes
    }

    private static func encrypt(_ info: OpaquePointer, _ passphrase: Passphrase) throws(KeysError) -> OpaquePointer {
        guard let method = PKCS5_pbe2_set_iv(EVP_aes_256_cbc(), iterations, nil, 0, nil, NID_hmacWithSHA256) else {
            throw KeysError.failure("encrypt a key")
        }
        let encrypted = passphrase.withSecureBytes { bytes in
            bytes.withMemoryRebound(to: CChar.self) {
                PKCS8_set0_pbe($0.baseAddress, Int32(truncatingIfNeeded: $0.count), info, method)
            }
        }
        guard let encrypted else {
            X509_ALGOR_free(method)
            throw KeysError.failure("encrypt a key")
        }
        return encrypted
    }
}

/// What OpenSSL's passphrase callback is given.
private struct PassphraseRequest {
    let bytes: UnsafeBufferPointer<UInt8>

    /// Copies the passphrase into OpenSSL's buffer; -1 when it doesn't fit (`pem_password_cb`).
    static let answer: @convention(c) (UnsafeMutablePointer<CChar>?, Int32, Int32, UnsafeMutableRawPointer?) -> Int32 =
        {
            buffer,
            size,
            _,
            context in
            guard let buffer, let request = context?.assumingMemoryBound(to: PassphraseRequest.self).pointee,
                let count = Int32(exactly: request.bytes.count), count <= size
            else { return -1 }
            for (position, byte) in request.bytes.enumerated() { buffer[position] = CChar(bitPattern: byte) }
            return count
        }
}

extension [UInt8] {
    /// Whether the ASCII text occurs.
    fileprivate func containsText(_ text: String) -> Bool {
        firstRange(of: Array(text.utf8)) != nil
    }
}
