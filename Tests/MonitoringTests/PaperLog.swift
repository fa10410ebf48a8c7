import Certificates
import Keys
import Monitoring
import Records
import Synchronization
import Transparency

/// A log on paper: its owner has the key, and may write into it whatever he likes. Documents are made when they are
/// asked for.
final class PaperLog: LogSource, RecordSource {
    struct Contents {
        var leaves: [TileLeaf] = []
        var timestamp = EntryTimestamp(milliseconds: 1_795_500_000_000)
        /// What is served in place of the true document; nil for nothing at all.
        var replaced: [String: [UInt8]?] = [:]
        var issuers: [SHA256Digest: [UInt8]] = [:]
        var records: [LeafIndex: IssuanceRecord] = [:]
        var reads: [String] = []
    }

    let key: SigningKey
    let origin: LogOrigin
    let contents = Mutex(Contents())

    init() throws {
        key = try SigningKey.generate(.p256)
        origin = try LogOrigin("paper.example/log")
    }

    private init(_ other: PaperLog) {
        key = other.key
        origin = other.origin
        let copied = other.contents.withLock { $0 }
        contents.withLock { $0 = copied }
    }

    /// A second log with the same key and the same past.
    func copy() -> PaperLog { PaperLog(self) }

    var size: Int { contents.withLock { $0.leaves.count } }

    func change(_ body: (inout Contents) throws -> Void) rethrows { try contents.withLock { try body(&$0) } }

    /// Takes a precertificate, as a sound log does, or at another time and with another place.
    func add(_ precertificate: [UInt8], tbs: [UInt8], _ authority: PaperAuthority, claiming index: Int? = nil) throws {
        try change { contents in
            for certificate in authority.chain { contents.issuers[certificate.fingerprint] = certificate.der }
            let place = UInt64(index ?? contents.leaves.count)
            let timestamped = TimestampedEntry(
                timestamp: contents.timestamp,
                entry: .precertificate(
                    issuerKeyHash: SHA256Digest(hashing: authority.chain[0].subjectPublicKeyInfo),
                    tbsCertificate: tbs
                ),
                extensions: try SCTExtensions(leafIndex: LeafIndex(place))
            )
            let leaf = TileLeaf(
                timestamped: timestamped,
                precertificate: precertificate,
                chain: authority.chain.map(\.fingerprint)
            )
            contents.leaves.append(leaf)
        }
    }

    func add(_ made: PaperAuthority.Made, _ authority: PaperAuthority) throws {
        try add(made.der, tbs: made.tbs, authority)
    }

    func signed(size: Int? = nil) throws -> [UInt8] {
        let (hashes, timestamp) = try contents.withLock { contents in
            (try Self.hashes(Array(contents.leaves.prefix(size ?? contents.leaves.count))), contents.timestamp)
        }
        let head = TreeHead(
            size: TreeSize(UInt64(hashes.count)),
            root: MerkleTree.root(of: hashes),
            timestamp: timestamp
        )
        let signed = try SignedTreeHead(signing: head, with: key)
        return try signed.checkpoint(origin: origin, logID: LogID(of: key.publicKey)).encoded
    }

    func seen(size: Int? = nil) throws -> SeenCheckpoint {
        try SeenCheckpoint(note: try signed(size: size), key: key.publicKey, origin: origin)
    }

    func read(_ path: String, bytesMax: Int) async throws(MonitoringError) -> [UInt8]? {
        let replaced: [UInt8]?? = contents.withLock { contents in
            contents.reads.append(path)
            return contents.replaced[path]
        }
        if let replaced { return replaced }
        do { return try document(path) } catch { throw .noLog }
    }

    func records(from first: LeafIndex, count: Int) async throws(MonitoringError) -> [IssuanceRecord?] {
        contents.withLock { contents in
            (0..<count).map { contents.records[LeafIndex(first.value + UInt64($0))] }
        }
    }

    /// The true document.
    func document(_ path: String) throws -> [UInt8]? {
        if path == "checkpoint" { return try signed() }
        if path.hasPrefix("issuer/") {
            return contents.withLock { $0.issuers }.first { "issuer/" + $0.key.hex == path }?.value
        }
        let name = String(path.dropFirst("tile/".count))
        let leaves = contents.withLock { $0.leaves }
        let size = TreeSize(UInt64(leaves.count))
        if let id = try? TileID(dataPath: name) {
            let part = leaves.dropFirst(Int(id.index) << 8).prefix(id.width)
            return part.count == id.width ? Array(try part.map { try $0.encoded() }.joined()) : nil
        }
        guard let id = try? TileID(path: name), TileID(level: id.level, index: id.index, in: size) != nil else {
            return nil
        }
        var edge = TreeEdge()
        let tiles = try edge.append(try Self.hashes(leaves))
        guard let tile = tiles.first(where: { $0.id.level == id.level && $0.id.index == id.index }) else { return nil }
        return try? Tile(id: id, bytes: tile.bytes).bytes
    }

    private static func hashes(_ leaves: [TileLeaf]) throws -> [MerkleHash] {
        try leaves.map { MerkleTree.leafHash(try $0.timestamped.merkleTreeLeaf()) }
    }
}
