package import Certificates
package import Keys
package import TestKit
package import Transparency
package import Verification
import Wire

/// A CA, a certificate log and a record log whose keys the test has, and signatures that they vouch for. What it writes it
/// writes by itself: nothing of the verifier is used.
package struct TestStack {
    package static let artifact = Array("an artifact".utf8)
    package static let name = "jane@example.com"
    package static let issuer = "https://issuer.example.com"
    package static let predicateType = "https://example.com/checked/v1"
    package static let host = "log.example.com"
    /// When the log takes an entry; the certificate begins a little earlier.
    package static let seconds = TwoTierAuthority.now + 5

    package let authority: TwoTierAuthority
    package let certificateLog: SigningKey
    package let recordLog: SigningKey
    package let signer: SigningKey

    package init(signer: KeyAlgorithm = .p256, recordLog: KeyAlgorithm = .p256) throws {
        authority = try TwoTierAuthority()
        certificateLog = try SigningKey.generate(.p256)
        self.recordLog = try SigningKey.generate(recordLog)
        self.signer = try SigningKey.generate(signer)
    }

    // MARK: The trusted root

    package var window: ValidityWindow { ValidityWindow(startMilliseconds: (TwoTierAuthority.now - 3600) * 1000) }

    package var recordLogID: [UInt8] { recordLog.publicKey.sha256.bytes }

    package func root(
        logWindow: ValidityWindow? = nil,
        authorityWindow: ValidityWindow? = nil,
        certificateLogWindow: ValidityWindow? = nil,
        baseURL: String = "https://\(host):8443/records",
        timestampAuthorities: [TrustedAuthority] = []
    ) -> TrustedRoot {
        TrustedRoot(
            logs: [
                TrustedLog(
                    baseURL: baseURL,
                    id: recordLogID,
                    key: recordLog.publicKey,
                    window: logWindow ?? window
                )
            ],
            certificateAuthorities: [
                TrustedAuthority(uri: "https://ca", chain: authority.chain, window: authorityWindow ?? window)
            ],
            certificateLogs: [
                TrustedLog(
                    baseURL: "https://ct.example.com",
                    id: certificateLog.publicKey.sha256.bytes,
                    key: certificateLog.publicKey,
                    window: certificateLogWindow ?? window
                )
            ],
            timestampAuthorities: timestampAuthorities
        )
    }

    package static var policy: VerificationPolicy {
        get throws {
            guard let name = TextPattern(exact: name), let issuer = TextPattern(exact: issuer) else {
                throw IdentityProblem.nameMissing
            }
            return VerificationPolicy(signer: .identity(ExpectedIdentity(name: name, issuer: issuer)))
        }
    }

    // MARK: The certificate

    package func certificate(
        san: SubjectAlternativeName? = nil,
        extensions: IdentityExtensions = IdentityExtensions(issuer: issuer),
        promisedBy log: SigningKey? = nil,
        promisedAt seconds: Int64 = TwoTierAuthority.now,
        sctExtensions: SCTExtensions = .none,
        key: PublicKey? = nil
    ) throws -> Certificate {
        let precertificate = try authority.signer.precertificate(
            CertificateProfile(
                serial: .random(),
                notBeforeSeconds: TwoTierAuthority.now,
                publicKey: key ?? signer.publicKey,
                san: san ?? SubjectAlternativeName(email: Self.name),
                extensions: extensions
            )
        )
        let entry = CertificateEntry.precertificate(
            issuerKeyHash: precertificate.issuerKeyHash,
            tbsCertificate: precertificate.tbsWithoutPoison
        )
        let timestamp = try SignedCertificateTimestamp(
            signing: TimestampedEntry(
                timestamp: EntryTimestamp(milliseconds: UInt64(seconds) * 1000),
                entry: entry,
                extensions: sctExtensions
            ),
            with: log ?? certificateLog
        )
        return try authority.signer.finish(precertificate, sctList: SignedCertificateTimestamp.list([timestamp]))
    }

    // MARK: What is signed

    package func message(_ artifact: [UInt8] = Self.artifact, by key: SigningKey? = nil) throws -> SignedContent {
        let key = key ?? signer
        let algorithm = key.scheme.digest ?? .sha512
        return .message(
            MessageSignature(
                algorithm: algorithm,
                digest: algorithm.digest(artifact),
                signature: try key.sign(artifact)
            )
        )
    }

    package func envelope(
        statement: [UInt8]? = nil,
        payloadType: String = SignedEnvelope.statementType,
        by key: SigningKey? = nil
    ) throws -> SignedContent {
        let payload = statement ?? Self.statement()
        let signed = Array("DSSEv1 \(payloadType.utf8.count) \(payloadType) \(payload.count) ".utf8) + payload
        let signature = try (key ?? signer).sign(signed)
        return .envelope(SignedEnvelope(payloadType: payloadType, payload: payload, signature: signature))
    }

    package static func statement(
        type: String = "https://in-toto.io/Statement/v1",
        digests: [(String, String)] = [("sha256", SHA256Digest(hashing: artifact).hex)],
        predicateType: String = predicateType
    ) -> [UInt8] {
        JSONText.object([
            ("_type", .string(type)),
            (
                "subject",
                .array([
                    .object([
                        ("name", .string("artifact")),
                        ("digest", .object(digests.map { ($0.0, .string($0.1)) })),
                    ])
                ])
            ), ("predicateType", .string(predicateType)), ("predicate", .object([("ok", .bool(true))])),
            ("later", .string("a field of a later version")),
        ]).encoded()
    }
}
