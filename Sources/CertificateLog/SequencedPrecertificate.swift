import Log
public import Transparency

/// A precertificate that a log has taken, before its promise is signed or verified.
public struct SequencedPrecertificate: Sendable {
    /// What is known of the promise.
    enum Promise: Sendable {
        /// Our own log's place and time for it; the promise is still to be signed.
        case place(SequencedEntry)
        /// Another log's promise; still to be verified.
        case received(SignedCertificateTimestamp)
    }

    /// What the promise is about.
    let entry: CertificateEntry
    /// What is known of it.
    let promise: Promise

    /// Its place in our own log; nil for another's.
    public var index: LeafIndex? { place?.index }
    /// Which use of its token it is, counted from 1; nil when our own log didn't count.
    public var use: Int? { place?.use }

    /// The proof that our own log holds it, `logID` being that log's; nil for another's.
    public func receipt(by logID: LogID) -> Receipt? {
        guard let (proof, checkpoint) = place?.inclusion() else { return nil }
        return Receipt(logID: logID, proof: proof, checkpoint: checkpoint)
    }

    private var place: SequencedEntry? {
        if case .place(let place) = promise { place } else { nil }
    }
}
