public import Keys
public import Transparency

/// A log as its witnesses and readers know it: its name, its key, and how it signs checkpoints.
public struct WitnessedLog: Sendable, Hashable {
    /// How a log signs its checkpoints.
    public enum Form: Sendable, Hashable {
        /// As an RFC 6962 tree head (static-ct-api, "Checkpoints").
        case treeHead
        /// The note's text itself, which says no time, as Sigstore's record logs do.
        case text
    }

    /// The log's name.
    public let origin: LogOrigin
    /// The log's key, P-256 or RSA (RFC 6962 §2.1.4).
    public let key: PublicKey
    /// How it signs.
    public let form: Form

    /// Names a log.
    public init(origin: LogOrigin, key: PublicKey, form: Form = .treeHead) {
        self.origin = origin
        self.key = key
        self.form = form
    }

    /// What a checkpoint says; throws unless it is of this log and signed by it.
    public func verify(_ note: SignedNote) throws(TransparencyError) -> TreeHead {
        switch form {
        case .treeHead: return try SignedTreeHead(checkpoint: note, origin: origin, key: key).head
        case .text:
            let said = try Checkpoint(verifying: note, origin: origin, key: key)
            return TreeHead(size: said.size, root: said.root, timestamp: EntryTimestamp(milliseconds: 0))
        }
    }

    /// The signature lines by this log.
    func ownLines(of note: SignedNote) -> [NoteSignature] {
        let id: NoteSignature.KeyID =
            switch form {
            case .treeHead: NoteSignature.KeyID(name: origin, treeHeadKey: LogID(of: key))
            case .text: NoteSignature.KeyID(ecdsaKey: LogID(of: key))
            }
        return note.signatures.filter { $0.name == origin && $0.keyID == id }
    }
}
