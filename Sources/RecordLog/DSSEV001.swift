import Keys
import Wire

/// Rekor's `dsse` 0.0.1: the signatures of an envelope; of the envelope itself the log keeps two hashes.
struct DSSEV001: Sendable, Equatable {
    static let kind = "dsse"

    /// The leaf.
    let body: RecordBody
    /// What it is found by.
    let terms: [SearchTerm]

    /// Reads `spec` and verifies the envelope in it.
    ///
    /// ```
    /// {"proposedContent": {"envelope": text of the envelope's JSON, "verifiers": [base64 of PEM, …]}}
    /// ```
    init(spec: JSON) throws(ProposalProblem) {
        guard let proposed = spec["proposedContent"], !proposed.isNull else {
            throw .memberInvalid("spec.proposedContent")
        }
        let computed = ["envelopeHash", "payloadHash", "signatures"].compactMap { spec[$0] }
        guard computed.allSatisfy({ $0.isNull || $0.elements?.isEmpty ?? false }) else { throw .computedMember }
        guard let text = proposed["envelope"]?.utf8Bytes else { throw .memberInvalid("spec.proposedContent.envelope") }
        let envelope = try DSSEEnvelope(json: text)
        let verifiers = proposed["verifiers"]?.elements ?? []
        guard (1...DSSEEnvelope.signaturesMax).contains(verifiers.count) else {
            throw .memberInvalid("spec.proposedContent.verifiers")
        }
        let signed = try Self.verify(envelope, verifiers)
        let payloadHash = SHA256Digest(hashing: envelope.payload).hex
        let envelopeHash = SHA256Digest(hashing: text).hex
        body = try Self.canonical(envelopeHash: envelopeHash, payloadHash: payloadHash, signed)
        terms =
            [.hash(algorithm: "sha256", hex: payloadHash), .hash(algorithm: "sha256", hex: envelopeHash)]
            + signed.values.flatMap(\.terms)
            + (envelope.payloadType == InTotoSubjects.payloadType ? InTotoSubjects.terms(in: envelope.payload) : [])
    }

    /// Who has made which signature, by the signature's text. Each must be somebody's, and each verifier that is looked at
    /// must have made one.
    private static func verify(
        _ envelope: DSSEEnvelope,
        _ verifiers: [JSON]
    ) throws(ProposalProblem) -> [String: VerificationMaterial] {
        let message = envelope.preAuthenticationEncoding
        var signed: [String: VerificationMaterial] = [:]
        for (place, verifier) in verifiers.enumerated() {
            guard envelope.signatures.contains(where: { signed[$0.text] == nil }) else { break }
            let pem = try Optional(verifier).base64("spec.proposedContent.verifiers[\(place)]")
            let material = try VerificationMaterial(pem: pem)
            let made = envelope.signatures.filter { material.publicKey.hasSigned(message, $0.bytes) }
            guard !made.isEmpty else { throw .verifierUnused }
            for signature in made { signed[signature.text] = material }
        }
        guard envelope.signatures.allSatisfy({ signed[$0.text] != nil }) else { throw .signatureUnverified }
        return signed
    }

    private static func canonical(
        envelopeHash: String,
        payloadHash: String,
        _ signed: [String: VerificationMaterial]
    ) throws(ProposalProblem) -> RecordBody {
        func hash(_ hex: String) -> JSONText {
            .object([("algorithm", .string("sha256")), ("value", .string(hex))])
        }
        // Base64 is ASCII: the order is that of the bytes.
        let signatures = signed.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { text, material in
            JSONText.object([("signature", .string(text)), ("verifier", .string(Base64.encode(material.pem)))])
        }
        return try ProposedEntry.canonical(
            kind: kind,
            spec: .object([
                ("envelopeHash", hash(envelopeHash)), ("payloadHash", hash(payloadHash)),
                ("signatures", .array(signatures)),
            ])
        )
    }
}

extension PublicKey {
    /// Whether the signature is this key's over the message. Rekor hashes with SHA-256 for every ECDSA key, which its
    /// clients don't all do: the digest of the key's own size is tried first.
    fileprivate func hasSigned(_ message: [UInt8], _ signature: [UInt8]) -> Bool {
        var schemes = [algorithm.usualScheme]
        if case .ecdsa(let digest) = algorithm.usualScheme, digest != .sha256 { schemes.append(.ecdsa(.sha256)) }
        return schemes.contains { (try? verify(signature, over: message, with: $0)) != nil }
    }
}
