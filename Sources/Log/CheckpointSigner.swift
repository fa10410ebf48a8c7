public import Transparency

/// The log's key and its form of checkpoint. A pure pair: `open` accepts exactly what `sign` made with this key.
public protocol CheckpointSigner: Sendable {
    /// The signed checkpoint that says `head` (C2SP tlog-checkpoint). Runs on the log's writer thread.
    func sign(_ head: TreeHead) throws -> [UInt8]

    /// What a checkpoint says; throws unless it is signed by this log's key. A form that says no time takes the one that
    /// is kept beside the checkpoint.
    func open(_ checkpoint: [UInt8], keptAt timestamp: EntryTimestamp) throws -> TreeHead
}
