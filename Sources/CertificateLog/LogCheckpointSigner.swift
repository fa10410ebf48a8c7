import Keys
import Log
import Transparency

/// Signs the checkpoints of a certificate log: the same signature as its RFC 6962 tree heads.
struct LogCheckpointSigner: CheckpointSigner {
    let key: SigningKey
    let origin: LogOrigin

    func sign(_ head: TreeHead) throws -> [UInt8] {
        try SignedTreeHead(signing: head, with: key).checkpoint(origin: origin, logID: LogID(of: key.publicKey)).encoded
    }

    func open(_ checkpoint: [UInt8], keptAt _: EntryTimestamp) throws -> TreeHead {
        try SignedTreeHead(checkpoint: try SignedNote(encoded: checkpoint), origin: origin, key: key.publicKey).head
    }
}
