import Certificates
import Keys

/// Verifies bundles as Sigstore's client specification says (§4), offline, for whoever a trusted root names.
public struct Verifier: Sendable {
    /// Whom it believes.
    public let root: TrustedRoot
    /// What it wants.
    public let policy: VerificationPolicy

    /// Makes a verifier.
    public init(root: TrustedRoot, policy: VerificationPolicy) {
        self.root = root
        self.policy = policy
    }

    /// Verifies a bundle for an artifact: steps A to G, in this order, each told when it is done.
    ///
    /// A key has no steps C and D, and needs no moment of signing: it is trusted for as long as the verifier names it.
    ///
    /// - Parameters:
    ///   - bundle: the signature and what came with it.
    ///   - artifact: what should have been signed, or what a signed statement should be about.
    ///   - done: is told each step that was made, and a detail; the detail may hold what was received.
    /// - Throws: ``VerificationError``, with the step that failed.
    public func verify(
        _ bundle: Bundle,
        of artifact: ArtifactDigests,
        done: (VerificationStep, String) -> Void = { _, _ in }
    ) throws(VerificationError) -> VerifiedSignature {
        let signer = try signer(of: bundle)
        let log = try step(VerificationError.log) { () throws(LogProblem) in
            try LogStep(logs: root.logs, bundle: bundle, signer: signer).run()
        }
        done(.log, log.places.joined(separator: "; "))
        let times = try times(of: bundle, log: log, isNeeded: signer.certificate != nil)
        for time in times { done(.time, time.text) }
        let identity = try verify(signer, times: times, done: done)
        try step(VerificationError.signature) { () throws(SignatureProblem) in
            try SignatureStep(content: bundle.content, key: signer.key, artifact: artifact).run()
        }
        done(.signature, signer.certificate == nil ? "by the key" : "by the certificate's key")
        let statement = try step(VerificationError.statement) { () throws(StatementProblem) in
            try StatementStep(content: bundle.content, artifact: artifact, predicateType: policy.predicateType).run()
        }
        if let statement { done(.statement, statement.predicateType) }
        return VerifiedSignature(identity: identity, times: times, statement: statement)
    }

    /// The key that should have signed.
    private func signer(of bundle: Bundle) throws(VerificationError) -> SignerKey {
        switch (bundle.signer, policy.signer) {
        case (.certificate(let certificate), .identity):
            guard let key = try? certificate.publicKey else { throw .certificate(.keyUnusable) }
            return SignerKey(certificate: certificate, key: key)
        case (.publicKey, .key(let key)): return SignerKey(certificate: nil, key: key)
        case (.publicKey, .identity): throw .identity(.certificateMissing)
        case (.certificate, .key): throw .identity(.certificateUnexpected)
        }
    }

    private func times(
        of bundle: Bundle,
        log: LogStep.Result,
        isNeeded: Bool
    ) throws(VerificationError) -> [SignatureTime] {
        do {
            return try TimeStep(authorities: root.timestampAuthorities, bundle: bundle, logTimes: log.times).run()
        } catch {
            switch error {
            case .noSource, .authorityUnknown: if !isNeeded { return [] }
            default: break
            }
            throw .time(error)
        }
    }

    /// Steps C, D and E; nil for a key.
    private func verify(
        _ signer: SignerKey,
        times: [SignatureTime],
        done: (VerificationStep, String) -> Void
    ) throws(VerificationError) -> SignerIdentity? {
        guard let certificate = signer.certificate, case .identity(let expected) = policy.signer else { return nil }
        let paths = try step(VerificationError.certificate) { () throws(CertificateProblem) in
            try CertificateStep(
                authorities: root.certificateAuthorities,
                certificate: certificate,
                times: times
            ).run()
        }
        let anchor = paths.first?.last.flatMap { try? $0.subjectText() } ?? ""
        done(.certificate, "up to \(anchor)")
        let log = try step(VerificationError.promise) { () throws(PromiseProblem) in
            try PromiseStep(logs: root.certificateLogs, paths: paths).run()
        }
        done(.promise, "by \(log)")
        let identity = try step(VerificationError.identity) { () throws(IdentityProblem) in
            try IdentityStep(certificate: certificate, expected: expected).run()
        }
        done(.identity, "\(identity.name), identified by \(identity.issuer)")
        return identity
    }

    private func step<Result, Problem: Error>(
        _ wrap: (Problem) -> VerificationError,
        _ body: () throws(Problem) -> Result
    ) throws(VerificationError) -> Result {
        do { return try body() } catch { throw wrap(error) }
    }
}
