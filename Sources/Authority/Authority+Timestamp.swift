import Certificates
import Keys
import Timestamping

/// How a client writes its request for a timestamp.
public enum TimestampQuery: Sendable {
    /// The DER of a `TimeStampReq` (RFC 3161 §2.4.1).
    case der([UInt8])
    /// The JSON of Sigstore's timestamp authority.
    case json([UInt8])
}

extension Authority {
    /// Signs a timestamp and returns the DER of the answer; nil when no timestamp authority is configured.
    ///
    /// Runs on the crypto workers. The time is the certificate log's: the clock, but never before the log's last entry, so
    /// that no timestamp is older than the certificate that the signature was made with. Throws `.timestamping` and
    /// `.busy`.
    public func timestamp(_ query: TimestampQuery) async throws(AuthorityError) -> [UInt8]? {
        guard let timestamping else { return nil }
        return try await workers.run { () async throws(AuthorityError) in
            do throws(TimestampingError) {
                let request =
                    switch query {
                    case .der(let bytes): try TimestampRequest(der: bytes)
                    case .json(let bytes): try TimestampRequest(json: bytes)
                    }
                return try timestamping.answer(to: request, at: try logSeconds())
            } catch {
                throw .timestamping(error)
            }
        }
    }

    /// Now, in whole seconds since 1970, as the certificate log has it. Throws `.clockBehind`.
    private func logSeconds() throws(TimestampingError) -> Int64 {
        guard let embedded = log.embedded else { return seconds }
        do { return try embedded.now().seconds } catch {
            guard case .log(.clockBehind(let seconds)) = error else { return seconds }
            throw .clockBehind(seconds: seconds)
        }
    }

    /// How long before a certificate of the timestamp authority ends `/readyz` begins to warn: 30 days.
    static let timestampingWarningSeconds: Int64 = 30 * 86_400

    /// What keeps timestamps from being signed, and what soon will.
    func timestampingReadiness() -> (problem: ReadinessProblem?, warning: ReadinessProblem?) {
        guard let timestamping else { return (nil, nil) }
        func note(_ text: String) -> ReadinessProblem { ReadinessProblem(part: "timestamping", problem: text) }
        let left = timestamping.lastSecond - seconds
        if left < 0 { return (note("a certificate of the timestamp authority has expired"), nil) }
        guard left < Self.timestampingWarningSeconds else { return (nil, nil) }
        return (
            nil, note("a certificate of the timestamp authority ends in \(left / 86_400) days: run mayfly tsa rotate")
        )
    }

    /// Opens the configured timestamp authority. Throws `.file`, `.key`, `.chain` and `.timestamping`.
    static func openTimestamping(
        _ settings: AuthoritySettings.Timestamping?,
        seconds: Int64
    ) throws(AuthorityError) -> TimestampAuthority? {
        guard let settings else { return nil }
        let (key, chainFile) = try settings.signing(at: seconds)
        let chain = try CertificateChain.read(chainFile)
        return try timestamping(key, chain, chainFile, settings.policy, at: seconds)
    }

    /// A timestamp authority of a key and a chain that fit each other and the time. Throws `.chain` and `.timestamping`.
    static func timestamping(
        _ key: SigningKey,
        _ chain: CertificateChain,
        _ chainFile: String,
        _ policy: TimestampPolicy,
        at seconds: Int64
    ) throws(AuthorityError) -> TimestampAuthority {
        do { try chain.validateTimestamping(at: seconds, signer: key.publicKey) } catch {
            throw .chain(path: chainFile, error)
        }
        do { return try TimestampAuthority(key: key, chain: chain, policy: policy) } catch {
            throw .timestamping(error)
        }
    }
}
