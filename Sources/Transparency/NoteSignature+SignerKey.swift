public import Keys

extension NoteSignature.KeyID {
    /// The identifier of a log's key as Sigstore's record logs have it. ECDSA: the first four bytes of the ``LogID``,
    /// whatever the name. Ed25519: `SHA-256(name || 0x0A || 0x01 || key)[:4]` (C2SP signed-note). RSA: `SHA-256(name || 0x0A
    /// || 0xFF || "PKIX-RSA-PKCS#1v1.5" || SubjectPublicKeyInfo)[:4]`.
    public init(name: LogOrigin, signerKey key: PublicKey) {
        let kind: [UInt8]
        switch key.algorithm {
        case .p256, .p384, .p521:
            self.init(ecdsaKey: LogID(of: key))
            return
        case .ed25519: kind = [0x01] + key.keyBits
        case .rsa: kind = [0xFF] + Array("PKIX-RSA-PKCS#1v1.5".utf8) + key.subjectPublicKeyInfo
        }
        let hash = SHA256Digest(hashing: Array(name.name.utf8) + [0x0A] + kind)
        self.init(hash.bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) })
    }
}
