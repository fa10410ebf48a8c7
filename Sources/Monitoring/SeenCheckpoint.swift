public import Keys
public import Transparency

/// A checkpoint whose signature by the pinned key has been verified.
public struct SeenCheckpoint: Sendable, Equatable {
    /// The signed note as it was received: the evidence.
    public let note: [UInt8]
    /// The log's name.
    public let origin: LogOrigin
    /// What is signed.
    public let head: TreeHead

    /// Reads and verifies a note by the log with this key; without `origin` the name is the note's own, which the key
    /// signs under. Throws `.checkpointInvalid`.
    public init(note: [UInt8], key: PublicKey, origin: LogOrigin?) throws(LogFault) {
        do throws(TransparencyError) {
            let signed = try SignedNote(encoded: note)
            let origin = if let origin { origin } else { try Checkpoint(text: signed.text).origin }
            head = try SignedTreeHead(checkpoint: signed, origin: origin, key: key).head
            self.origin = origin
            self.note = note
        } catch {
            throw .checkpointInvalid(error)
        }
    }
}
