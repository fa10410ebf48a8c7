import Transparency

/// A precertificate that a log has taken, before its promise is signed or verified.
public struct SequencedPrecertificate: Sendable {
    /// What is known of the promise.
    enum Promise: Sendable {
        /// Our own log's place and time for it; the promise is still to be signed.
        case place(LeafIndex, EntryTimestamp)
        /// Another log's promise; still to be verified.
        case received(SignedCertificateTimestamp)
    }

    /// What the promise is about.
    let entry: CertificateEntry
    /// What is known of it.
    let promise: Promise
}
