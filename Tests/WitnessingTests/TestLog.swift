import Keys
import Log
import Transparency

@testable import Witnessing

/// A log with leaves `0`, `1`, `2` … , as its witnesses see it.
struct TestLog {
    let key: SigningKey
    let log: WitnessedLog
    private let hashes: [MerkleHash]

    init(leafCount: Int = 300, seed: UInt8 = 0) throws {
        key = try SigningKey.generate(.p256)
        log = WitnessedLog(origin: try LogOrigin("log.example/ct"), key: key.publicKey)
        hashes = (0..<leafCount).map { MerkleTree.leafHash([seed, UInt8($0 >> 8), UInt8($0 & 0xFF)]) }
    }

    /// The same log after its database has been put back and it has gone another way from `size` on.
    init(forking other: TestLog, at size: Int) {
        key = other.key
        log = other.log
        hashes =
            other.hashes.prefix(size) + (size..<other.hashes.count).map { MerkleTree.leafHash([9, UInt8($0 & 0xFF)]) }
    }

    func tree(_ size: Int) -> WitnessedTree {
        WitnessedTree(size: TreeSize(UInt64(size)), root: MerkleTree.root(of: Array(hashes.prefix(size))))
    }

    func checkpoint(_ size: Int) throws -> SignedNote {
        let tree = tree(size)
        let head = TreeHead(
            size: tree.size,
            root: tree.root,
            timestamp: EntryTimestamp(milliseconds: 1_700_000_000_000)
        )
        return try SignedTreeHead(signing: head, with: key)
            .checkpoint(origin: log.origin, logID: LogID(of: key.publicKey))
    }

    /// From tiles, as a log makes it.
    func proof(_ from: Int, _ to: Int) throws -> ConsistencyProof {
        var edge = TreeEdge()
        var tiles: [TileID: [UInt8]] = [:]
        for tile in try edge.append(Array(hashes.prefix(to))) { tiles[tile.id] = tile.bytes }
        let sizes = (TreeSize(UInt64(from)), TreeSize(UInt64(to)))
        let plan = try ProofPlan.consistency(from: sizes.0, to: sizes.1)
        return ConsistencyProof(from: sizes.0, to: sizes.1, path: try plan.hashes(from: tiles))
    }

    func request(_ from: Int, _ to: Int) throws -> AddCheckpointRequest {
        AddCheckpointRequest(
            oldSize: TreeSize(UInt64(from)),
            proof: try proof(from, to).path,
            note: try checkpoint(to)
        )
    }

    func head(_ size: Int) throws -> StoredHead {
        let note = try checkpoint(size)
        return StoredHead(tree: try log.verify(note), checkpoint: note.encoded)
    }
}
