import Keys

/// Step F: the signer's key made the signature, of this artifact or of the envelope (client specification §4.6).
struct SignatureStep {
    let content: SignedContent
    let key: PublicKey
    let artifact: ArtifactDigests

    /// Returns when it did. Throws each of the problems.
    func run() throws(SignatureProblem) {
        switch content {
        case .message(let message): try verify(message)
        case .envelope(let envelope):
            let signed = envelope.signedBytes
            let isSigned = key.algorithm.signerSchemes.contains { scheme in
                (try? key.verify(envelope.signature, over: signed, with: scheme)) != nil
            }
            guard isSigned else { throw .invalid }
        }
    }

    private func verify(_ message: MessageSignature) throws(SignatureProblem) {
        guard let digest = artifact[message.algorithm] else { throw .artifactNeeded(message.algorithm) }
        guard digest == message.digest else { throw .artifactMismatch }
        guard key.algorithm != .ed25519 else { throw .unsupported }
        var needed: DigestAlgorithm?
        for scheme in key.algorithm.signerSchemes {
            guard let algorithm = scheme.digest else { continue }
            guard let digest = artifact[algorithm] else {
                needed = needed ?? algorithm
                continue
            }
            if (try? key.verify(message.signature, overHash: digest, with: scheme)) != nil { return }
        }
        if let needed { throw .artifactNeeded(needed) }
        throw .invalid
    }
}

extension KeyAlgorithm {
    /// How somebody who signs artifacts with a key of this kind may have signed. P-384 and P-521 keys of early clients
    /// signed with SHA-256; RSA keys sign by PKCS #1 v1.5, and some by PSS.
    var signerSchemes: [SignatureScheme] {
        switch self {
        case .p256, .ed25519: [usualScheme]
        case .p384, .p521: [usualScheme, .ecdsa(.sha256)]
        case .rsa: [usualScheme, .rsaPSS(.sha256)]
        }
    }
}
