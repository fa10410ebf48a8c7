import Transparency

/// The check of a whole log, from nothing but its entries and the log's key.
public enum LogAudit {
    /// Recomputes every leaf hash, every hash tile and the root from the stored leaves, and compares them with what is
    /// stored and signed; checks that times don't go back and that the index of leaf hashes leads to each entry.
    /// Returns the head that was audited; entries appended meanwhile are not looked at. Memory doesn't grow with the
    /// log. Blocks for as long as it takes to read the log. Throws `.damaged` with the first damage, and
    /// `.unavailable`.
    public static func run(
        _ store: any LogStore,
        signer: any CheckpointSigner,
        merkleLeaf: MerkleLeafReader
    ) throws(LogError) -> StoredHead {
        do throws(LogStoreError) {
            let tip = try LogTip(reading: store, signer: signer)
            let edge = try recompute(tip, store, merkleLeaf)
            guard edge == tip.edge else { throw .damaged(.rootMismatch(size: tip.size)) }
            let beyond = try store.entries(from: LeafIndex(after: tip.size), count: 1)
            // A running log may have grown since.
            if let entry = beyond.first, try store.existingHead() == tip.head {
                throw .damaged(.entryBeyondHead(entry.index))
            }
            return tip.head
        } catch {
            throw LogError(error)
        }
    }

    private static func recompute(
        _ tip: LogTip,
        _ store: any LogStore,
        _ merkleLeaf: MerkleLeafReader
    ) throws(LogStoreError) -> TreeEdge {
        var edge = TreeEdge()
        var checker = EntryChecker(next: LeafIndex(0), latest: tip.head.tree.timestamp)
        while edge.size < tip.size {
            let first = LeafIndex(after: edge.size)
            let width = Int(min(tip.size.value - first.value, UInt64(TileID.fullWidth)))
            var hashes: [MerkleHash] = []
            for entry in try store.entries(from: first, count: width) {
                hashes.append(try checker.check(entry, merkleLeaf: merkleLeaf))
                try checkIndex(leadsTo: entry, store)
            }
            guard hashes.count == width else { throw .damaged(.entryMissing(checker.next)) }
            guard let tiles = try? edge.append(hashes) else { throw .damaged(.rootMismatch(size: tip.size)) }
            // A step never crosses a tile, so these are whole tiles, and at the end the partial ones.
            for tile in tiles where tile.id.isFull || edge.size == tip.size {
                guard let stored = try store.tile(tile.id) else { throw .damaged(.tileMissing(tile.id)) }
                guard stored == tile else { throw .damaged(.tileContradictsEntries(tile.id)) }
            }
        }
        return edge
    }

    private static func checkIndex(leadsTo entry: StoredEntry, _ store: any LogStore) throws(LogStoreError) {
        do throws(LogStoreError) {
            if let found = try store.index(ofLeafHash: entry.leafHash), found <= entry.index { return }
        } catch {
            // The store can't say more of a page of the index that is damaged.
            guard case .corrupt = error else { throw error }
        }
        throw .damaged(.leafHashIndexWrong(entry.index))
    }
}
