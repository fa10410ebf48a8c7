public import Transparency

/// A log that promises to hold a precertificate before the certificate is made.
///
/// In two steps, so that no crypto worker waits: `append` waits for disk or network, `timestamp` is CPU work.
public protocol CertificateLog: Sendable {
    /// Hands a precertificate to the log. When it returns, the log has it: our own durably and under a signed
    /// checkpoint, another's as far as it says.
    func append(_ submission: PrecertificateSubmission) async throws(CertificateLogError) -> SequencedPrecertificate

    /// The log's promise about what was appended, verified or freshly signed.
    func timestamp(
        for sequenced: SequencedPrecertificate
    ) throws(CertificateLogError) -> SignedCertificateTimestamp

    /// Returns when a submission should work now; throws what keeps it from working.
    func checkReady() async throws(CertificateLogError)

    /// Finishes what was accepted; takes nothing more.
    func close() async
}
