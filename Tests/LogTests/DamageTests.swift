import LogTestKit
import Testing
import Transparency

@testable import Log

@Suite("A damaged log is refused by the name of its damage")
struct DamageTests {
    typealias Contents = MemoryLogStore.Contents

    /// A log of 600 entries: two full tiles and a partial one.
    private static func contents() async throws -> (OpenLog, Contents) {
        let log = try OpenLog()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<600 { group.addTask { _ = await log.append("\(number)") } }
        }
        return (log, log.memory.snapshot())
    }

    private static func openRefusal(_ contents: Contents, _ signer: TestSigner) -> LogError? {
        #expect(throws: LogError.self) { try OpenLog(memory: MemoryLogStore(contents), signer: signer) }
    }

    private static func auditRefusal(_ contents: Contents, _ signer: TestSigner) -> LogError? {
        #expect(throws: LogError.self) {
            try LogAudit.run(MemoryLogStore(contents), signer: signer, merkleLeaf: TestLeaf.read)
        }
    }

    private static func missing(_ level: Int, _ index: UInt64, _ width: Int) -> LogDamage? {
        (try? TileID(level: level, index: index, width: width)).map { .tileMissing($0) }
    }

    private static func wrong(_ level: Int, _ index: UInt64) -> LogDamage? {
        (try? TileID(level: level, index: index)).map { .tileContradictsEntries($0) }
    }

    /// What is done to the log, and what opening it then says.
    static let openTable: [(String, LogDamage?, @Sendable (inout Contents) throws -> Void)] = [
        ("head lost", .headMissing, { $0.stored = nil }),
        (
            "checkpoint by another key", .checkpointInvalid,
            { contents in
                let tree = try #require(contents.stored).tree
                contents.stored = StoredHead(tree: tree, checkpoint: try TestSigner(secret: "other").sign(tree))
            }
        ),
        (
            "head row of another size", .headContradictsCheckpoint,
            { contents in
                let head = try #require(contents.stored)
                let tree = TreeHead(size: TreeSize(599), root: head.tree.root, timestamp: head.tree.timestamp)
                contents.stored = StoredHead(tree: tree, checkpoint: head.checkpoint)
            }
        ),
        (
            "tile lost", missing(1, 0, 2),
            { $0.tiles[[1, 0]] = nil }
        ),
        (
            "tile cut", missing(0, 2, 88),
            { $0.tiles[[0, 2]]?.removeLast() }
        ),
        ("tile garbled", .rootMismatch(size: TreeSize(600)), { $0.tiles[[0, 2]]?[40] ^= 1 }),
        ("upper tile garbled", .rootMismatch(size: TreeSize(600)), { $0.tiles[[1, 0]]?[0] ^= 1 }),
        ("last entry lost", .entryMissing(LeafIndex(599)), { $0.rows.removeLast() }),
        ("entry too many", .entryBeyondHead(LeafIndex(600)), { $0.rows.append($0.rows[0]) }),
        (
            "leaf changed", .entryChanged(LeafIndex(599)),
            { contents in contents.change(599) { stored, _ in stored[16] ^= 1 } }
        ),
        (
            "leaf hash changed", .entryChanged(LeafIndex(598)),
            { contents in contents.change(598) { _, hash in hash = MerkleTree.emptyRoot } }
        ),
        (
            "leaf unreadable", .entryUnreadable(LeafIndex(597)),
            { contents in contents.change(597) { stored, _ in stored = [1] } }
        ),
        (
            "other entry in place", .entryChanged(LeafIndex(596)),
            { contents in
                let other = contents.rows[3]
                contents.rows[596] = StoredEntry(
                    index: LeafIndex(596),
                    timestamp: contents.rows[596].timestamp,
                    leafHash: other.leafHash,
                    stored: other.stored
                )
            }
        ),
        (
            "entry later than the head", .timestampOutOfOrder(LeafIndex(599)),
            { contents in contents.changeTime(599, to: .max) }
        ),
    ]

    @Test(arguments: openTable.indices)
    func openingFinds(_ line: Int) async throws {
        let (name, damage, change) = Self.openTable[line]
        let (log, whole) = try await Self.contents()
        var contents = whole
        try change(&contents)
        #expect(Self.openRefusal(contents, log.signer) == damage.map { .damaged($0) }, "\(name)")
    }

    /// Damage away from the right edge, which only the audit looks at.
    static let auditTable: [(String, LogDamage?, @Sendable (inout Contents) throws -> Void)] = [
        (
            "old leaf changed", .entryChanged(LeafIndex(17)),
            { contents in contents.change(17) { stored, _ in stored[16] ^= 1 } }
        ),
        (
            "old leaf and its hash changed", wrong(0, 0),
            { contents in
                contents.change(17) { stored, hash in
                    stored[16] ^= 1
                    hash = MerkleTree.leafHash((try? TestLeaf.read(stored)) ?? [])
                }
                contents.places[contents.rows[17].leafHash] = LeafIndex(17)
            }
        ),
        ("old tile garbled", wrong(0, 1), { $0.tiles[[0, 1]]?[5] ^= 1 }),
        ("old tile lost", missing(0, 0, 256), { $0.tiles[[0, 0]] = nil }),
        (
            "leaf hash not indexed", .leafHashIndexWrong(LeafIndex(300)),
            { contents in contents.places[contents.rows[300].leafHash] = nil }
        ),
        (
            "old entry before its predecessor", .timestampOutOfOrder(LeafIndex(100)),
            { contents in contents.changeTime(100, to: 1) }
        ),
    ]

    @Test(arguments: auditTable.indices)
    func auditFinds(_ line: Int) async throws {
        let (name, damage, change) = Self.auditTable[line]
        let (log, whole) = try await Self.contents()
        var contents = whole
        try change(&contents)
        #expect(throws: Never.self) { try OpenLog(memory: MemoryLogStore(contents), signer: log.signer) }
        #expect(Self.auditRefusal(contents, log.signer) == damage.map { .damaged($0) }, "\(name)")
    }

    @Test func wholeLogPassesBoth() async throws {
        let (log, contents) = try await Self.contents()
        #expect(throws: Never.self) { try OpenLog(memory: MemoryLogStore(contents), signer: log.signer) }
        let head = try LogAudit.run(log.memory, signer: log.signer, merkleLeaf: TestLeaf.read)
        #expect(head == contents.stored)
    }

    @Test func runningLogStopsForGoodWhenItsHeadGoesBack() async throws {
        let log = try OpenLog()
        _ = await log.append("a")
        let older = log.memory.snapshot()
        _ = await log.append("b")
        log.memory.tamper { $0 = older }
        let damage = LogError.damaged(.headWentBack(from: TreeSize(2), to: TreeSize(1)))
        #expect(await log.append("c") == .failure(damage))
        #expect(await log.append("d") == .failure(damage))
        await #expect(throws: damage) { try await log.sequencer.checkReady() }
        #expect(log.signer.heads.map(\.size.value) == [0, 1, 2])
    }

    @Test func runningLogStopsForGoodWhenItsTreeIsExchanged() async throws {
        let log = try OpenLog()
        _ = await log.append("a")
        let other = try OpenLog(signer: TestSigner())
        for text in ["x", "y"] { _ = await other.append(text) }
        log.memory.tamper { $0 = other.memory.snapshot() }
        #expect(await log.append("b") == .failure(.damaged(.forked(at: TreeSize(1)))))
        #expect(log.signer.heads.map(\.size.value) == [0, 1])
    }
}

extension MemoryLogStore.Contents {
    fileprivate mutating func change(_ place: Int, _ body: (inout [UInt8], inout MerkleHash) -> Void) {
        let row = rows[place]
        var stored = row.stored
        var hash = row.leafHash
        body(&stored, &hash)
        rows[place] = StoredEntry(index: row.index, timestamp: row.timestamp, leafHash: hash, stored: stored)
    }

    fileprivate mutating func changeTime(_ place: Int, to milliseconds: UInt64) {
        let row = rows[place]
        rows[place] = StoredEntry(
            index: row.index,
            timestamp: EntryTimestamp(milliseconds: milliseconds),
            leafHash: row.leafHash,
            stored: row.stored
        )
    }
}
