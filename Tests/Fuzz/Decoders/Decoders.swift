/// Every decoder of bytes from outside, by name. A decoder may refuse what it is given, and must not trap, hang or grow.
enum Decoders {
    typealias Decoder = @Sendable ([UInt8]) -> Void

    static let all: [(name: String, decode: Decoder)] = [
        ("base64", EncodingDecoders.base64),
        ("pem", EncodingDecoders.pem),
        ("json", EncodingDecoders.json),
        ("yaml", EncodingDecoders.yaml),
        ("template", TemplateDecoders.template),
        ("token", IdentityDecoders.token),
        ("keyset", IdentityDecoders.keySet),
        ("key", CertificateDecoders.key),
        ("csr", CertificateDecoders.signingRequest),
        ("certificate", CertificateDecoders.certificate),
        ("tls", TransparencyDecoders.structures),
        ("sctjson", TransparencyDecoders.timestampJSON),
        ("checkpoint", TransparencyDecoders.checkpoint),
        ("witness", WitnessDecoders.request),
        ("receipt", WitnessDecoders.receipt),
        ("proposal", RecordDecoders.proposal),
        ("record", RecordDecoders.request),
        ("question", RecordDecoders.question),
        ("timestamp", TimestampDecoders.request),
        ("bundle", VerificationDecoders.bundle),
        ("trustedroot", VerificationDecoders.trustedRoot),
        ("timestamped", VerificationDecoders.timestamp),
    ]

    static func named(_ name: String) -> Decoder? {
        all.first { $0.name == name }?.decode
    }

    /// What must hold for every input; a program that fuzzes ends here, and a test too.
    static func require(_ isTrue: Bool, _ rule: StaticString) {
        precondition(isTrue, "\(rule)")
    }
}
