public import CertificateLog
public import Transparency

extension Authority {
    /// Hands a chain to the embedded log for whoever sent it (RFC 6962 §4.1, §4.2); nil when another's log is configured.
    ///
    /// Runs on the crypto workers. Throws `.log`, with `.submissionRefused` when the chain is not for this log, and
    /// `.busy`.
    public func submit(
        _ call: SubmissionCall,
        body: [UInt8]
    ) async throws(AuthorityError) -> SignedCertificateTimestamp? {
        guard let log = log.embedded else { return nil }
        return try await workers.run { () async throws(AuthorityError) in
            do throws(CertificateLogError) { return try await log.add(call, body: body) } catch { throw .log(error) }
        }
    }
}
