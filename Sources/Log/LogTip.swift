import Transparency

/// A stored tree that has been checked: its checkpoint is signed by the log, and the hashes at its right edge lead to
/// the signed root. All that is needed to append to it.
struct LogTip: Sendable, Equatable {
    let head: StoredHead
    let edge: TreeEdge

    /// For a batch that has just been computed from a checked tip.
    init(head: StoredHead, edge: TreeEdge) {
        self.head = head
        self.edge = edge
    }

    /// Reads and checks the newest tree of a store. The cost doesn't grow with the log: one partial tile a level.
    /// Throws `.damaged` and what reading throws.
    init(reading store: any LogReads, signer: any CheckpointSigner) throws(LogStoreError) {
        head = try store.existingHead()
        guard let signed = try? signer.open(head.checkpoint, keptAt: head.tree.timestamp) else {
            throw .damaged(.checkpointInvalid)
        }
        guard signed == head.tree else { throw .damaged(.headContradictsCheckpoint) }
        let tiles = try store.bytes(of: signed.size.edgeTiles)
        do {
            edge = try TreeEdge(size: signed.size, tiles: tiles)
        } catch {
            throw .damaged(.rootMismatch(size: signed.size))
        }
        guard edge.root == signed.root else { throw .damaged(.rootMismatch(size: signed.size)) }
    }

    /// The size of the tree.
    var size: TreeSize { head.tree.size }

    /// Returns when the tree grew out of `older`; throws `.damaged` when it went back or is another one.
    func checkExtends(_ older: LogTip, in store: any LogReads) throws(LogStoreError) {
        guard older.size <= size else { throw .damaged(.headWentBack(from: older.size, to: size)) }
        // The older root recomputed from what is stored now, instead of a proof that would be made and checked here.
        let root = older.size == size ? head.tree.root : try store.hashes(of: .root(of: older.size)).first
        guard root ?? MerkleTree.emptyRoot == older.head.tree.root else { throw .damaged(.forked(at: older.size)) }
    }
}
