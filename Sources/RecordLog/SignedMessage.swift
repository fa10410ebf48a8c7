import Keys

/// A message, perhaps a large one, that several signatures may be over: it is hashed once with each digest.
struct SignedMessage: Sendable {
    private let bytes: [UInt8]
    private var hashes: [DigestAlgorithm: [UInt8]] = [:]

    /// Takes a message; hashes nothing yet.
    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Whether the signature is the key's over the message. Rekor hashes with SHA-256 for every ECDSA key, which its
    /// clients don't all do: the digest of the key's own size is tried first. Throws `.tooManyVerifications`.
    mutating func isSigned(
        by key: PublicKey,
        _ signature: [UInt8],
        _ effort: inout VerificationEffort
    ) throws(ProposalProblem) -> Bool {
        let usual = key.algorithm.usualScheme
        var schemes = [usual]
        if case .ecdsa(let digest) = usual, digest != .sha256 { schemes.append(.ecdsa(.sha256)) }
        for scheme in schemes {
            try effort.spend()
            if isSigned(by: key, signature, scheme) { return true }
        }
        return false
    }

    private mutating func isSigned(by key: PublicKey, _ signature: [UInt8], _ scheme: SignatureScheme) -> Bool {
        // Ed25519 is over the message itself.
        guard let digest = scheme.digest else { return (try? key.verify(signature, over: bytes, with: scheme)) != nil }
        let hash = hashes[digest] ?? digest.digest(bytes)
        hashes[digest] = hash
        return (try? key.verify(signature, overHash: hash, with: scheme)) != nil
    }
}
