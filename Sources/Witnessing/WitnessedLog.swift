public import Keys
public import Transparency

/// A certificate log as its witnesses and readers know it: its name and its key.
public struct WitnessedLog: Sendable, Hashable {
    /// The log's name.
    public let origin: LogOrigin
    /// The log's key, P-256 or RSA (RFC 6962 §2.1.4).
    public let key: PublicKey

    /// Names a log.
    public init(origin: LogOrigin, key: PublicKey) {
        self.origin = origin
        self.key = key
    }

    /// What a checkpoint says; throws unless it is of this log and signed by it.
    public func verify(_ note: SignedNote) throws(TransparencyError) -> TreeHead {
        try SignedTreeHead(checkpoint: note, origin: origin, key: key).head
    }

    /// The signature lines by this log.
    func ownLines(of note: SignedNote) -> [NoteSignature] {
        let id = NoteSignature.KeyID(name: origin, treeHeadKey: LogID(of: key))
        return note.signatures.filter { $0.name == origin && $0.keyID == id }
    }
}
