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
    init(spec: JSON, _ effort: inout VerificationEffort) throws(ProposalProblem) {
        guard let proposed = spec["proposedContent"], !proposed.isNull else {
            throw .memberInvalid("spec.proposedContent")
        }
        let computed = ["envelopeHash", "payloadHash", "signatures"].compactMap { spec[$0] }
        guard computed.allSatisfy({ $0.isNull || $0.elements?.isEmpty ?? false }) else { throw .computedMember }
        guard let text = proposed["envelope"]?.utf8Bytes else { throw .memberInvalid("spec.proposedContent.envelope") }
        let envelope = try DSSEEnvelope(json: text)
        let signed = try Self.verify(envelope, try Self.verifiers(proposed["verifiers"]), &effort)
        let payloadHash = SHA256Digest(hashing: envelope.payload).hex
        let envelopeHash = SHA256Digest(hashing: text).hex
        body = try Self.canonical(envelopeHash: envelopeHash, payloadHash: payloadHash, signed)
        terms =
            [.hash(algorithm: "sha256", hex: payloadHash), .hash(algorithm: "sha256", hex: envelopeHash)]
            + signed.values.flatMap(\.terms)
            + (envelope.payloadType == InTotoSubjects.payloadType ? InTotoSubjects.terms(in: envelope.payload) : [])
    }

    /// The verifiers, each of them once.
    private static func verifiers(_ json: JSON?) throws(ProposalProblem) -> [VerificationMaterial] {
        let elements = json?.elements ?? []
        guard (1...DSSEEnvelope.signaturesMax).contains(elements.count) else {
            throw .memberInvalid("spec.proposedContent.verifiers")
        }
        var verifiers: [VerificationMaterial] = []
        for (place, element) in elements.enumerated() {
            let pem = try Optional(element).base64("spec.proposedContent.verifiers[\(place)]")
            let verifier = try VerificationMaterial(pem: pem)
            guard !verifiers.contains(verifier) else { throw .verifierRepeated }
            verifiers.append(verifier)
        }
        return verifiers
    }

    /// Who has made which signature, by the signature's text. Each must be somebody's, and each verifier that is looked at
    /// must have made one: the first that fits and is nobody else's, as Rekor has it.
    private static func verify(
        _ envelope: DSSEEnvelope,
        _ verifiers: [VerificationMaterial],
        _ effort: inout VerificationEffort
    ) throws(ProposalProblem) -> [String: VerificationMaterial] {
        var message = SignedMessage(envelope.preAuthenticationEncoding)
        var signed: [String: VerificationMaterial] = [:]
        for verifier in verifiers {
            let rest = envelope.signatures.filter { signed[$0.text] == nil }
            guard !rest.isEmpty else { break }
            var made: DSSEEnvelope.Signature?
            for signature in rest where made == nil {
                if try message.isSigned(by: verifier.publicKey, signature.bytes, &effort) { made = signature }
            }
            guard let made else { throw .verifierUnused }
            signed[made.text] = verifier
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
