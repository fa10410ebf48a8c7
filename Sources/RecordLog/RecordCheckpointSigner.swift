import Keys
import Log
import Transparency

/// Signs the checkpoints of the record log. They say no time, for Sigstore's clients expect none.
struct RecordCheckpointSigner: CheckpointSigner {
    let key: SigningKey
    let origin: LogOrigin

    func sign(_ head: TreeHead) throws -> [UInt8] {
        try Checkpoint(origin: origin, size: head.size, root: head.root).signed(with: key).encoded
    }

    func open(_ checkpoint: [UInt8], keptAt timestamp: EntryTimestamp) throws -> TreeHead {
        try RecordCheckpointReader(key: key.publicKey, origin: origin).open(checkpoint, keptAt: timestamp)
    }
}

/// Reads the checkpoints of the record log, and can't sign one.
struct RecordCheckpointReader: CheckpointSigner {
    let key: PublicKey
    let origin: LogOrigin

    func sign(_: TreeHead) throws -> [UInt8] {
        throw TransparencyError.notSigned(by: origin)
    }

    func open(_ checkpoint: [UInt8], keptAt timestamp: EntryTimestamp) throws -> TreeHead {
        let note = try SignedNote(encoded: checkpoint)
        let said = try Checkpoint(verifying: note, origin: origin, key: key)
        return TreeHead(size: said.size, root: said.root, timestamp: timestamp)
    }
}
