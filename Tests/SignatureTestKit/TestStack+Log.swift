package import Certificates
import Keys
package import Transparency
package import Verification
package import Wire

extension TestStack {
    /// A bundle that verifies: the signature, in the log under an entry of this kind.
    package func bundle(
        _ kind: EntryKind,
        _ content: SignedContent,
        certificate: Certificate? = nil,
        timestamps: [[UInt8]] = []
    ) throws -> Bundle {
        let certificate = try certificate ?? self.certificate()
        let entry = try entry(kind, content, verifier: certificate)
        return Bundle(signer: .certificate(certificate), entries: [entry], timestamps: timestamps, content: content)
    }

    /// The same for the signer's key alone.
    package func keyBundle(_ kind: EntryKind, _ content: SignedContent) throws -> Bundle {
        let entry = try entry(kind, content, verifier: nil)
        return Bundle(signer: .publicKey(hint: "the key"), entries: [entry], timestamps: [], content: content)
    }

    /// The log's entry: the second of three leaves.
    package func entry(
        _ kind: EntryKind,
        _ content: SignedContent,
        verifier: Certificate?,
        seconds: Int64 = Self.seconds,
        origin: String? = nil,
        name: String = Self.host
    ) throws -> LogEntry {
        let body = kind.isVersion2 ? body2(kind, content, verifier) : body1(kind, content, verifier)
        let bytes = body.canonical()
        let leaves = [Array("genesis".utf8), bytes, Array("later".utf8)].map { MerkleTree.leafHash($0) }
        let origin = origin ?? (kind.isVersion2 ? Self.host : "\(Self.host) - 1234567890")
        let root = MerkleTree.root(of: leaves)
        return LogEntry(
            index: LeafIndex(kind.isVersion2 ? 1 : 1_000_001),
            logID: recordLogID,
            kind: kind,
            integratedSeconds: kind.isVersion2 ? 0 : seconds,
            promise: kind.isVersion2 ? nil : try promise(of: bytes, index: 1_000_001, seconds: seconds),
            inclusion: LogEntry.Inclusion(
                index: LeafIndex(1),
                size: TreeSize(3),
                root: root,
                path: [leaves[0], leaves[2]],
                checkpoint: try checkpoint(root, origin: origin, name: name)
            ),
            body: bytes
        )
    }

    /// A signed checkpoint of the tree of three leaves.
    package func checkpoint(_ root: MerkleHash, origin: String, name: String = Self.host) throws -> [UInt8] {
        let text = "\(origin)\n3\n\(Base64.encode(root.bytes))\nan extension line\n"
        let name = try LogOrigin(name)
        let line = NoteSignature(
            name: name,
            keyID: origin.contains(" - ")
                ? NoteSignature.KeyID(ecdsaKey: LogID(of: recordLog.publicKey))
                : NoteSignature.KeyID(name: name, signerKey: recordLog.publicKey),
            signature: try recordLog.sign(Array(text.utf8))
        )
        let witness = NoteSignature(
            name: try LogOrigin("witness.example"),
            keyID: NoteSignature.KeyID(7),
            signature: [UInt8](repeating: 1, count: 72)
        )
        return try SignedNote(text: text, signatures: [witness, line]).encoded
    }

    private func promise(of body: [UInt8], index: Int64, seconds: Int64) throws -> [UInt8] {
        try recordLog.sign(
            JSONText.object([
                ("logIndex", .integer(index)), ("logID", .string(recordLog.publicKey.sha256.hex)),
                ("integratedTime", .integer(seconds)), ("body", .string(Base64.encode(body))),
            ]).canonical()
        )
    }

    // MARK: Bodies

    private func pem(_ verifier: Certificate?) -> JSONText {
        .string(Base64.encode(Array((verifier?.pem ?? signer.publicKey.pem).utf8)))
    }

    private func body1(_ kind: EntryKind, _ content: SignedContent, _ verifier: Certificate?) -> JSONText {
        let spec: JSONText
        let signature = Base64.encode(content.signature)
        switch content {
        case .message(let message):
            let hash = Self.hash1(message.algorithm, message.digest)
            spec = .object([
                ("data", .object([("hash", hash)])),
                (
                    "signature",
                    .object([
                        ("content", .string(signature)), ("publicKey", .object([("content", pem(verifier))])),
                    ])
                ),
            ])
        case .envelope(let envelope):
            let hash = Self.hash1(.sha256, DigestAlgorithm.sha256.digest(envelope.payload))
            if kind == .dsseV001 {
                let entry = JSONText.object([("signature", .string(signature)), ("verifier", pem(verifier))])
                spec = .object([("payloadHash", hash), ("envelopeHash", hash), ("signatures", .array([entry]))])
            } else {
                let twice = Base64.encode(Array(signature.utf8))
                let entry = JSONText.object([("sig", .string(twice)), ("publicKey", pem(verifier))])
                spec = .object([
                    (
                        "content",
                        .object([
                            ("payloadHash", hash), ("hash", hash),
                            ("envelope", .object([("signatures", .array([entry]))])),
                        ])
                    )
                ])
            }
        }
        return .object([("apiVersion", .string(kind.version)), ("kind", .string(kind.name)), ("spec", spec)])
    }

    private static func hash1(_ algorithm: DigestAlgorithm, _ digest: [UInt8]) -> JSONText {
        .object([("algorithm", .string("\(algorithm)")), ("value", .string(Hexadecimal.encode(digest)))])
    }

    private func body2(_ kind: EntryKind, _ content: SignedContent, _ verifier: Certificate?) -> JSONText {
        let names: [KeyAlgorithm: (String, DigestAlgorithm, String)] = [
            .p256: ("PKIX_ECDSA_P256_SHA_256", .sha256, "SHA2_256"),
            .p384: ("PKIX_ECDSA_P384_SHA_384", .sha384, "SHA2_384"),
            .p521: ("PKIX_ECDSA_P521_SHA_512", .sha512, "SHA2_512"),
            .ed25519: ("PKIX_ED25519_PH", .sha512, "SHA2_512"),
            .rsa(bits: 2048): ("PKIX_RSA_PKCS1V15_2048_SHA256", .sha256, "SHA2_256"),
        ]
        let (details, algorithm, name) = names[signer.publicKey.algorithm] ?? ("", .sha256, "")
        let raw = JSONText.object([
            ("rawBytes", .string(Base64.encode(verifier?.der ?? signer.publicKey.subjectPublicKeyInfo)))
        ])
        let signature = JSONText.object([
            ("content", .string(Base64.encode(content.signature))),
            (
                "verifier",
                .object([(verifier == nil ? "publicKey" : "x509Certificate", raw), ("keyDetails", .string(details))])
            ),
        ])
        let spec: (String, JSONText)
        switch (kind, content) {
        case (.dsseV002, .envelope(let envelope)):
            let digest = DigestAlgorithm.sha256.digest(envelope.payload)
            spec = (
                "dsseV002",
                .object([("payloadHash", Self.hash2("SHA2_256", digest)), ("signatures", .array([signature]))])
            )
        case (_, .envelope(let envelope)):
            let digest = algorithm.digest(envelope.signedBytes)
            spec = ("hashedRekordV002", .object([("data", Self.hash2(name, digest)), ("signature", signature)]))
        case (_, .message(let message)):
            spec = (
                "hashedRekordV002", .object([("data", Self.hash2(name, message.digest)), ("signature", signature)])
            )
        }
        return .object([
            ("apiVersion", .string("0.0.2")), ("kind", .string(kind.name)), ("spec", .object([spec])),
        ])
    }

    private static func hash2(_ name: String, _ digest: [UInt8]) -> JSONText {
        .object([("algorithm", .string(name)), ("digest", .string(Base64.encode(digest)))])
    }
}

extension TestStack {
    /// An entry as a Rekor v2 log answers it.
    package func answer(_ entry: LogEntry) -> JSONText {
        .object([
            ("logIndex", .string(entry.index.description)),
            ("logId", .object([("keyId", .string(Base64.encode(entry.logID)))])),
            ("kindVersion", .object([("kind", .string(entry.kind.name)), ("version", .string(entry.kind.version))])),
            ("integratedTime", .string("0")), ("inclusionPromise", .null),
            ("inclusionProof", entry.inclusion.map(Self.proof) ?? .null),
            ("canonicalizedBody", .string(Base64.encode(entry.body))),
        ])
    }

    private static func proof(_ inclusion: LogEntry.Inclusion) -> JSONText {
        .object([
            ("logIndex", .string(inclusion.index.description)), ("treeSize", .string(inclusion.size.description)),
            ("rootHash", .string(Base64.encode(inclusion.root?.bytes ?? []))),
            ("hashes", .array(inclusion.path.map { .string(Base64.encode($0.bytes)) })),
            (
                "checkpoint",
                .object([("envelope", .string(String(decoding: inclusion.checkpoint, as: UTF8.self)))])
            ),
        ])
    }
}
