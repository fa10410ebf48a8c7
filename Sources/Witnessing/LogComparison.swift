public import Log
public import Transparency

/// Compares a log with checkpoints of it that were kept elsewhere: each must be of a tree that the log begins with.
public struct LogComparison: Sendable {
    private let log: WitnessedLog
    private let head: @Sendable () async throws(LogError) -> StoredHead
    private let prove: @Sendable (TreeSize, TreeSize) async throws(LogError) -> ConsistencyProof

    /// `head` and `prove` are the log's.
    public init(
        _ log: WitnessedLog,
        head: @escaping @Sendable () async throws(LogError) -> StoredHead,
        prove: @escaping @Sendable (TreeSize, TreeSize) async throws(LogError) -> ConsistencyProof
    ) {
        self.log = log
        self.head = head
        self.prove = prove
    }

    /// Returns what a checkpoint says when the log here begins with its tree; `name` says in errors where it comes from.
    /// Throws `.file` when it isn't a checkpoint of this log, `.fileAhead`, `.fileForked` and `.log`.
    public func check(_ checkpoint: [UInt8], from name: String) async throws(CosigningError) -> TreeHead {
        guard let note = try? SignedNote(encoded: checkpoint), let tree = try? log.verify(note) else {
            throw .file(path: name, problem: "it isn't a checkpoint of this log")
        }
        let here: TreeHead
        do { here = try await head().tree } catch { throw .log(error) }
        guard tree.size <= here.size else { throw .fileAhead(path: name, size: tree.size, here: here.size) }
        let proof: ConsistencyProof
        do { proof = try await prove(tree.size, here.size) } catch { throw .log(error) }
        do { try proof.verify(oldRoot: tree.root, newRoot: here.root) } catch {
            throw .fileForked(path: name, size: tree.size)
        }
        return tree
    }
}
