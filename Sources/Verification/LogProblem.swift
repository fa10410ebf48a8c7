/// Why no log entry vouches for a signature (step A).
public enum LogProblem: Error, Equatable, Sendable {
    /// The bundle has no entry.
    case noEntry
    /// It has entries, and none is of a log in the trusted root.
    case logUnknown
    /// The log's promise isn't signed by its key.
    case promiseInvalid
    /// The log's promise is of a time when its key was not in use.
    case promiseOutsideWindow
    /// The log's key is of a kind that signs no promises: they are ECDSA's.
    case promiseKeyUnsupported
    /// The log's address in the trusted root has no host, which would be the origin of its checkpoints.
    case hostMissing
    /// The checkpoint isn't one.
    case checkpointMalformed
    /// The checkpoint's first line isn't the log's name.
    case checkpointOrigin(expected: String)
    /// No signature under the checkpoint is by the log's key.
    case checkpointNotSigned
    /// A signature under the checkpoint says that it is by the log's key, and isn't.
    case checkpointSignatureInvalid
    /// The proof says that it is for another tree, or another place in it, than checkpoint and entry.
    case proofMismatch
    /// The proof doesn't lead from the entry to the checkpoint's root.
    case notIncluded
    /// The entry's body isn't one of its kind.
    case bodyMalformed
    /// The entry is of a kind that can't hold what was signed: an envelope's entry for an artifact, or the reverse.
    case kindUnsuitable(EntryKind)
    /// The entry is of something else than what was signed.
    case entryMismatch(Part)
    /// The entry was made while the certificate wasn't valid.
    case timeOutsideCertificate

    /// In what an entry differs from the bundle.
    public enum Part: Sendable, Equatable {
        /// Its signature.
        case signature
        /// Its certificate or key.
        case signer
        /// Its digest.
        case digest
        /// Any of them, of a Rekor v2 entry, whose body is made again and compared as a whole.
        case body
    }
}

extension LogProblem: CustomStringConvertible {
    /// One line.
    public var description: String {
        switch self {
        case .noEntry: "the bundle has none"
        case .logUnknown: "none of the bundle's entries is of a log in the trusted root"
        case .promiseInvalid: "the log's promise isn't signed by its key"
        case .promiseOutsideWindow: "the log's promise is of a time when its key wasn't in use"
        case .promiseKeyUnsupported: "the log's key is of a kind that signs no promises"
        case .hostMissing: "the log's baseUrl in the trusted root has no host, its checkpoints' name"
        case .checkpointMalformed: "the checkpoint can't be read"
        case .checkpointOrigin(let expected): "the checkpoint isn't of \(expected)"
        case .checkpointNotSigned: "the checkpoint isn't signed by the log's key"
        case .checkpointSignatureInvalid: "the checkpoint's signature is wrong"
        case .proofMismatch: "the proof is for another tree or place than the checkpoint and the entry"
        case .notIncluded: "the proof doesn't lead from the entry to the checkpoint's root"
        case .bodyMalformed: "the entry's body isn't one of its kind"
        case .kindUnsuitable(let kind): "an entry \(kind) doesn't hold what was signed here"
        case .entryMismatch(.signature): "the entry is of another signature"
        case .entryMismatch(.signer): "the entry is of another certificate or key"
        case .entryMismatch(.digest): "the entry is of another artifact or payload"
        case .entryMismatch(.body): "the entry is of another signature, certificate, key or digest"
        case .timeOutsideCertificate: "the entry was made while the certificate wasn't valid"
        }
    }
}
