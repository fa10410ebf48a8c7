import Certificates
import Keys
public import Verification
import Wire

/// Signs with a key that lives as long as one signature: the CA certifies it for who holds the token, a timestamp authority
/// says when, a log records it, and what comes of that is verified before anybody gets it.
///
/// ```
/// new key -> signingCert -> signature -> timestamp of the signature -> log/entries -> bundle -> verified
/// ```
public struct Signer: Sendable {
    private let configuration: SigningConfiguration
    private let root: TrustedRoot
    private let token: IdentityToken
    private let exchange: SigningExchange

    /// Makes a signer.
    public init(
        configuration: SigningConfiguration,
        root: TrustedRoot,
        token: IdentityToken,
        exchange: SigningExchange
    ) {
        self.configuration = configuration
        self.root = root
        self.token = token
        self.exchange = exchange
    }

    /// Signs an artifact of which the SHA-256 digest is known. Throws ``SigningError``.
    public func sign(
        artifact: ArtifactDigests,
        done: (SigningStep) -> Void = { _ in }
    ) async throws(SigningError) -> Bundle {
        guard let digest = artifact[.sha256] else { throw .verification(.signature(.artifactNeeded(.sha256))) }
        return try await sign(artifact: artifact, done: done) { key throws(KeysError) in
            .message(MessageSignature(algorithm: .sha256, digest: digest, signature: try key.sign(hash: digest)))
        }
    }

    /// Signs an in-toto statement, byte by byte as it is. Throws ``SigningError``, `.statement` among them.
    public func sign(
        statement json: [UInt8],
        done: (SigningStep) -> Void = { _ in }
    ) async throws(SigningError) -> Bundle {
        let statement: Statement
        do { statement = try Statement(json: json) } catch { throw .statement(error) }
        guard let subject = statement.artifacts.first else { throw .statement(.subjectMismatch) }
        let type = SignedEnvelope.statementType
        return try await sign(artifact: subject, done: done) { key throws(KeysError) in
            let signature = try key.sign(SignedEnvelope.signedBytes(payloadType: type, payload: json))
            return .envelope(SignedEnvelope(payloadType: type, payload: json, signature: signature))
        }
    }

    private func sign(
        artifact: ArtifactDigests,
        done: (SigningStep) -> Void,
        _ sign: (SigningKey) throws(KeysError) -> SignedContent
    ) async throws(SigningError) -> Bundle {
        let key = try Self.key { () throws(KeysError) in try SigningKey.generate(.p256) }
        let certificate = try await certificate(for: key)
        let identity: SignerIdentity
        do { identity = try SignerIdentity(certificate) } catch { throw .verification(.identity(error)) }
        done(.certificate(name: identity.name, issuer: identity.issuer))
        let content = try Self.key { () throws(KeysError) in try sign(key) }
        var timestamps: [[UInt8]] = []
        for url in configuration.urls[.timestamps] ?? [] {
            timestamps.append(try await timestamp(of: content, from: url))
            done(.timestamp(url: url))
        }
        var entries: [LogEntry] = []
        for url in configuration.urls[.log] ?? [] {
            let entry = try await record(content, certificate, in: url)
            entries.append(entry)
            done(.entry(url: url, index: entry.index.value))
        }
        let bundle = Bundle(
            signer: .certificate(certificate),
            entries: entries,
            timestamps: timestamps,
            content: content
        )
        try verify(bundle, artifact, identity)
        done(.verified)
        return bundle
    }

    /// What is written is verified as it will be read: the same bytes, by the same steps, for whom the certificate names.
    private func verify(
        _ bundle: Bundle,
        _ artifact: ArtifactDigests,
        _ identity: SignerIdentity
    ) throws(SigningError) {
        guard let name = TextPattern(exact: identity.name), let issuer = TextPattern(exact: identity.issuer) else {
            throw .verification(.identity(.nameMissing))
        }
        let policy = VerificationPolicy(signer: .identity(ExpectedIdentity(name: name, issuer: issuer)))
        do {
            _ = try Verifier(root: root, policy: policy).verify(try Bundle(json: bundle.json), of: artifact)
        } catch {
            throw .verification(error)
        }
    }

    private static func key<Result>(_ body: () throws(KeysError) -> Result) throws(SigningError) -> Result {
        do { return try body() } catch { throw .key(error) }
    }
}

// MARK: The services

extension Signer {
    /// `POST /api/v2/signingCert`: the key is proven with a signature over the token's challenge.
    private func certificate(for key: SigningKey) async throws(SigningError) -> Certificate {
        let proof = try Self.key { () throws(KeysError) in try key.sign(Array(token.challenge.utf8)) }
        let publicKey = JSONText.object([("algorithm", .string("ECDSA")), ("content", .string(key.publicKey.pem))])
        let request = JSONText.object([
            ("publicKey", publicKey), ("proofOfPossession", .string(Base64.encode(proof))),
        ])
        let answer = try await exchange.post(
            JSONText.object([("publicKeyRequest", request)]).encoded(),
            to: "\(configuration.urls[.authority]?.first ?? "")/api/v2/signingCert",
            of: .authority,
            headers: [("Authorization", token.authorization), ("Content-Type", "application/json")],
            accepted: [200, 201]
        )
        guard let chain = (try? JSON.parse(answer))?["signedCertificateEmbeddedSct"]?["chain"],
            let pem = chain["certificates"]?.elements?.first?.utf8Bytes, let certificate = try? Certificate(pem: pem)
        else { throw .answerUnreadable(.authority) }
        guard certificate.subjectPublicKeyInfo == key.publicKey.subjectPublicKeyInfo else { throw .otherKey }
        return certificate
    }

    /// RFC 3161: the timestamp is of the signature's bytes.
    private func timestamp(of content: SignedContent, from url: String) async throws(SigningError) -> [UInt8] {
        try await exchange.post(
            TimestampQuery.der(sha256: DigestAlgorithm.sha256.digest(content.signature)),
            to: url,
            of: .timestamps,
            headers: [("Content-Type", "application/timestamp-query")],
            accepted: [200, 201]
        )
    }

    /// `POST /api/v2/log/entries`: a statement is recorded by the digest of what its envelope signs.
    private func record(
        _ content: SignedContent,
        _ certificate: Certificate,
        in url: String
    ) async throws(SigningError) -> LogEntry {
        let digest: [UInt8] =
            switch content {
            case .message(let message): message.digest
            case .envelope(let envelope): DigestAlgorithm.sha256.digest(envelope.signedBytes)
            }
        let verifier = JSONText.object([
            ("x509Certificate", .object([("rawBytes", .string(Base64.encode(certificate.der)))])),
            ("keyDetails", .string(KeyDetails.ofSigner(.p256))),
        ])
        let signature = JSONText.object([
            ("content", .string(Base64.encode(content.signature))), ("verifier", verifier),
        ])
        let request = JSONText.object([("digest", .string(Base64.encode(digest))), ("signature", signature)])
        let answer = try await exchange.post(
            JSONText.object([("hashedRekordRequestV002", request)]).encoded(),
            to: "\(url)/api/v2/log/entries",
            of: .log,
            headers: [("Content-Type", "application/json")],
            accepted: [200, 201]
        )
        do { return try LogEntry(json: answer) } catch { throw .answerUnreadable(.log) }
    }
}
