import CertificateLog
import Records
import Transparency

/// A precertificate that the log has, with what was stored of it.
struct LoggedPrecertificate: Sendable {
    let precertificate: SequencedPrecertificate
    /// The record as it was stored.
    let record: IssuanceRecord
    /// Which use of its token it is, counted from 1.
    let use: Int
    /// The log's proof that it has it, where it is our own and gives receipts.
    let receipt: Receipt?
}
