import Authority
import CertificateLog
import Keys
import Log
import Transparency

/// Copies a log into a folder as C2SP static-ct-api names its parts.
///
/// 1. A file that the folder's checkpoint covers never changes, nor does a hash tile or an issuer: one with another
///    content is refused. What an export left that was broken off before its checkpoint is compared.
/// 2. The checkpoint is written when everything that it covers is there and durable.
/// 3. Nothing is written that isn't in the tree of that checkpoint: the entries of a data tile have the hashes of the
///    level-0 tile, each hash of a higher tile is the root of a full tile below, and the edge leads to the signed root.
struct LogExport {
    /// Why a log isn't exported.
    enum Failure: Error, CustomStringConvertible {
        /// The folder has a checkpoint of this size that the log's tree doesn't go on from.
        case otherTree(size: TreeSize)
        /// A file of the folder has another content than this log's.
        case otherContent(file: String)
        /// An entry names an issuer that the configuration doesn't.
        case issuerMissing(SHA256Digest, LeafIndex)

        var description: String {
            switch self {
            case .otherTree(let size):
                "the folder's checkpoint of size \(size) is of a tree that this log doesn't go on from"
            case .otherContent(let file):
                "the folder's \(file) is another than this log's: export to an empty folder"
            case .issuerMissing(let fingerprint, let index):
                "entry \(index) names the issuer \(fingerprint.hex), which is in no chain: name it in `log.former-chains`"
            }
        }
    }

    let log: OfflineLog.Embedded
    let key: PublicKey
    let head: LogHead
    let folder: ExportFolder

    private var size: TreeSize { head.tree.size }

    /// Exports what is missing; returns how many files were written.
    func run(_ progress: Progress) async throws -> Int {
        var progress = progress
        let (covered, isNewer) = try await checkFolder()
        var written = 0
        for (fingerprint, issuer) in log.issuers {
            let name = "issuer/\(fingerprint.hex)"
            guard try !holds(issuer.der, as: name) else { continue }
            try folder.put(issuer.der, as: name)
            written += 1
        }
        var edge: [TileID: [UInt8]] = [:]
        var below: [MerkleHash] = []
        let total = Self.tileCount(of: size)
        var done = 0
        for level in 0..<8 {
            var roots: [MerkleHash] = []
            var index: UInt64 = 0
            while let id = TileID(level: level, index: index, in: size) {
                let tile = try await self.tile(id)
                let (bytes, name) = (tile.flatMap(\.bytes), "tile/\(id.path)")
                // Before the data tile, which would be written over one of another log.
                let isThere = try holds(bytes, as: name)
                if level == 0 {
                    if try await putData(id, hashes: tile, covered: covered) { written += 1 }
                } else {
                    let start = Int(clamping: index) * TileID.fullWidth
                    let expected = below.dropFirst(start).prefix(id.width)
                    guard tile.elementsEqual(expected) else { throw LogError.damaged(.tileContradictsEntries(id)) }
                }
                if !isThere {
                    try folder.put(bytes, as: name)
                    written += 1
                }
                if id.isFull { roots.append(MerkleTree.root(of: tile)) } else { edge[id] = bytes }
                index += 1
                done += 1
                progress.show(done, of: total, "tiles")
            }
            below = roots
        }
        guard try TreeEdge(size: size, tiles: edge).root == head.tree.root else {
            throw LogError.damaged(.rootMismatch(size: size))
        }
        guard written > 0 || isNewer else { return written }
        folder.sync()
        try folder.put(head.checkpoint, as: "checkpoint")
        folder.sync()
        return written + 1
    }

    /// The size of the folder's checkpoint, empty without one, and whether there is none or an older one of the same
    /// log. Throws when it is of another tree.
    private func checkFolder() async throws -> (covered: TreeSize, isNewer: Bool) {
        guard let stored = try folder.read("checkpoint") else { return (.empty, true) }
        let old = try LogHead.tree(stored, origin: log.origin, key: key)
        guard old.size <= size else { throw Failure.otherTree(size: old.size) }
        let proof = try await log.reader.consistencyProof(from: old.size, to: size)
        do {
            try proof.verify(oldRoot: old.root, newRoot: head.tree.root)
        } catch {
            throw Failure.otherTree(size: old.size)
        }
        return (old.size, stored != head.checkpoint)
    }

    private func tile(_ id: TileID) async throws -> [MerkleHash] {
        guard let tile = try await log.reader.tile(id) else { throw LogError.damaged(.tileMissing(id)) }
        return (0..<id.width).compactMap { tile.hash(at: $0) }
    }

    /// The data tile beside a level-0 tile. One that is there is taken for ours if the folder's checkpoint covers it.
    private func putData(_ id: TileID, hashes: [MerkleHash], covered: TreeSize) async throws -> Bool {
        let name = "tile/\(id.dataPath)"
        let isCovered = TileID(level: id.level, index: id.index, in: covered) == id
        guard !(isCovered && folder.has(name)) else { return false }
        let first = LeafIndex(id.index << 8)
        let entries = try await log.reader.entries(from: first, count: id.width)
        guard entries.count == id.width else { throw LogError.damaged(.entryMissing(first)) }
        for (entry, hash) in zip(entries, hashes) {
            let leaf = try TileLeaf(encoded: entry.stored)
            guard MerkleTree.leafHash(try leaf.timestamped.merkleTreeLeaf()) == hash else {
                throw LogError.damaged(.entryChanged(entry.index))
            }
            for issuer in leaf.chain where log.issuers[issuer] == nil {
                throw Failure.issuerMissing(issuer, entry.index)
            }
        }
        let bytes = entries.flatMap(\.stored)
        guard try folder.has(name, with: bytes) != true else { return false }
        try folder.put(bytes, as: name)
        return true
    }

    /// Whether a file is there. Throws when it has another content.
    private func holds(_ bytes: [UInt8], as name: String) throws -> Bool {
        guard let isSame = try folder.has(name, with: bytes) else { return false }
        guard isSame else { throw Failure.otherContent(file: name) }
        return true
    }

    private static func tileCount(of size: TreeSize) -> Int {
        var count: UInt64 = 0
        var hashes = size.value
        while hashes > 0 {
            count += hashes >> 8 + (hashes & 0xFF > 0 ? 1 : 0)
            hashes >>= 8
        }
        return Int(clamping: count)
    }
}
