import Certificates
import Keys
import Wire

/// The leaf of a Rekor v2 log for a signature: made from what was signed, so that nothing of a received body has to be
/// believed (Rekor v2 specification §4.3 and §6.1.4).
///
/// ```
/// {"apiVersion":"0.0.2","kind":"hashedrekord","spec":{"hashedRekordV002":
///   {"data":{"algorithm","digest"},"signature":{"content","verifier":{"keyDetails","x509Certificate":{"rawBytes"}}}}}}
/// {"apiVersion":"0.0.2","kind":"dsse","spec":{"dsseV002":
///   {"payloadHash":{"algorithm","digest"},"signatures":[{"content","verifier":{…}}]}}}
/// ```
/// in the canonical form of RFC 8785; a key stands as `"publicKey":{"rawBytes"}` in the certificate's place.
struct RekorV2Body {
    /// The leaf's bytes.
    let encoded: [UInt8]

    /// Makes the leaf of an entry of one of these kinds. Throws `.kindUnsuitable`, and `.entryMismatch(.digest)` for an
    /// artifact's digest of another kind than the key signs.
    init(kind: EntryKind, content: SignedContent, signer: SignerKey) throws(LogProblem) {
        let algorithm = signer.key.algorithm.digestInEntries
        let signature = JSONText.object([
            ("content", .string(Base64.encode(content.signature))), ("verifier", Self.verifier(signer)),
        ])
        let spec: (String, JSONText)
        switch (kind, content) {
        case (.hashedRekordV002, _):
            guard let digest = content.digest(algorithm) else { throw .entryMismatch(.digest) }
            spec = ("hashedRekordV002", .object([("data", Self.hash(algorithm, digest)), ("signature", signature)]))
        case (.dsseV002, .envelope(let envelope)):
            let hash = Self.hash(.sha256, DigestAlgorithm.sha256.digest(envelope.payload))
            spec = ("dsseV002", .object([("payloadHash", hash), ("signatures", .array([signature]))]))
        default: throw .kindUnsuitable(kind)
        }
        encoded = JSONText.object([
            ("apiVersion", .string(kind.version)), ("kind", .string(kind.name)), ("spec", .object([spec])),
        ]).canonical()
    }

    private static func hash(_ algorithm: DigestAlgorithm, _ digest: [UInt8]) -> JSONText {
        .object([("algorithm", .string(algorithm.sigstoreName)), ("digest", .string(Base64.encode(digest)))])
    }

    private static func verifier(_ signer: SignerKey) -> JSONText {
        let (name, bytes) =
            if let certificate = signer.certificate {
                ("x509Certificate", certificate.der)
            } else {
                ("publicKey", signer.key.subjectPublicKeyInfo)
            }
        return .object([
            ("keyDetails", .string(KeyDetails.ofSigner(signer.key.algorithm))),
            (name, .object([("rawBytes", .string(Base64.encode(bytes)))])),
        ])
    }
}

extension KeyAlgorithm {
    /// The digest that a key of this kind signs in a Rekor v2 entry; for Ed25519 that of Ed25519ph.
    var digestInEntries: DigestAlgorithm { usualScheme.digest ?? .sha512 }
}
