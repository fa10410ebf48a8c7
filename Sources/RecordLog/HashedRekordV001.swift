import Keys
import Wire

/// Rekor's `hashedrekord` 0.0.1: the signature over something of which the log sees the hash only.
struct HashedRekordV001: Sendable, Equatable {
    static let kind = "hashedrekord"

    /// The leaf.
    let body: RecordBody
    /// What it is found by.
    let terms: [SearchTerm]

    /// Reads and verifies `spec`; members that aren't named here are left out of the entry, as Rekor does.
    ///
    /// ```
    /// {"data": {"hash": {"algorithm": "sha256" | "sha384" | "sha512", "value": hex}},
    ///  "signature": {"content": base64, "publicKey": {"content": base64 of PEM}}}
    /// ```
    init(spec: JSON) throws(ProposalProblem) {
        let hash = spec["data"]?["hash"]
        guard let name = hash?["algorithm"]?.string else { throw .memberInvalid("spec.data.hash.algorithm") }
        guard let value = hash?["value"]?.string else { throw .memberInvalid("spec.data.hash.value") }
        guard let digest = DigestAlgorithm(rekor: name) else { throw .memberInvalid("spec.data.hash.algorithm") }
        guard let bytes = Hexadecimal.decode(value.utf8), bytes.count == digest.byteCount else { throw .hashInvalid }
        let signed = spec["signature"]
        let signature = try signed?["content"].base64("spec.signature.content")
        let content = try signed?["publicKey"]?["content"].base64("spec.signature.publicKey.content")
        guard let signature else { throw .memberInvalid("spec.signature") }
        guard let content else { throw .memberInvalid("spec.signature.publicKey") }
        let material = try VerificationMaterial(pem: content)
        guard let scheme = material.publicKey.algorithm.scheme(overDigest: digest) else { throw .algorithmsNotAllowed }
        do { try material.publicKey.verify(signature, overHash: bytes, with: scheme) } catch {
            throw .signatureInvalid
        }
        body = try Self.canonical(algorithm: name, value: value, signature: signature, pem: material.pem)
        terms = [.hash(algorithm: name, hex: value)] + material.terms
    }

    private static func canonical(algorithm: String, value: String, signature: [UInt8], pem: [UInt8])
        throws(ProposalProblem) -> RecordBody
    {
        let hash = JSONText.object([("algorithm", .string(algorithm)), ("value", .string(value))])
        return try ProposedEntry.canonical(
            kind: kind,
            spec: .object([
                ("data", .object([("hash", hash)])),
                (
                    "signature",
                    .object([
                        ("content", .string(Base64.encode(signature))),
                        ("publicKey", .object([("content", .string(Base64.encode(pem)))])),
                    ])
                ),
            ])
        )
    }
}

extension DigestAlgorithm {
    /// Rekor's name.
    fileprivate init?(rekor name: String) {
        switch name {
        case "sha256": self = .sha256
        case "sha384": self = .sha384
        case "sha512": self = .sha512
        default: return nil
        }
    }
}

extension KeyAlgorithm {
    /// How a key of this kind signs over a digest, where Sigstore's registry of algorithms has the pair; nil elsewhere.
    /// Ed25519 signs no digest but in the form Ed25519ph, which OpenSSL 3.0 doesn't have.
    fileprivate func scheme(overDigest digest: DigestAlgorithm) -> SignatureScheme? {
        switch (self, digest) {
        case (.p256, .sha256), (.p384, .sha256), (.p384, .sha384), (.p521, .sha256), (.p521, .sha512):
            .ecdsa(digest)
        case (.rsa, .sha256): .rsaPKCS1(digest)
        default: nil
        }
    }
}
