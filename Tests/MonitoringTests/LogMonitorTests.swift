import Certificates
import Keys
import Testing
import Transparency

@testable import Monitoring

@Suite("C2SP static-ct-api: a log is followed from outside")
struct LogMonitorTests {
    let authority: PaperAuthority
    let log: PaperLog

    init() throws {
        authority = try PaperAuthority()
        log = try PaperLog()
    }

    func fill(_ count: Int) throws {
        for _ in 0..<count { try log.add(try authority.make(), authority) }
    }

    /// Follows the log; returns the findings.
    @discardableResult
    func follow(
        _ source: PaperLog? = nil,
        from trusted: SeenCheckpoint? = nil,
        isWhole: Bool = true,
        pinned: [Certificate]? = nil
    ) async throws -> [Finding] {
        let source = source ?? log
        let monitor = LogMonitor(source: source, key: log.key.publicKey, pinned: pinned)
        let seen = try await monitor.checkpoint(origin: log.origin)
        var serials = SerialMemory()
        var findings: [Finding] = []
        try await monitor.follow(
            from: trusted?.head,
            to: seen.head,
            isWhole: isWhole,
            serials: &serials,
            visit: { entry throws(MonitoringError) in findings += entry.findings }
        )
        return findings
    }

    func expect(_ fault: LogFault, _ body: () async throws -> Void) async {
        await #expect(throws: MonitoringError.fault(fault)) { try await body() }
    }

    @Test("a sound log of every interesting size has nothing to be found", arguments: [0, 1, 2, 255, 256, 257, 300])
    func soundLog(size: Int) async throws {
        let made = try authority.make()
        for index in 0..<size { try log.add(index < 3 ? try authority.make() : made, authority) }
        let findings = try await follow(pinned: authority.chain)
        #expect(findings.filter { $0.kind != .serialRepeated } == [])
        #expect(findings.count == max(0, size - 4))
    }

    @Test("following goes on from every size to every later one, whole or from the edge")
    func sizes() async throws {
        let made = try authority.make()
        let sizes = [0, 1, 255, 256, 257, 511, 513]
        for _ in 0..<513 { try log.add(made, authority) }
        for size in sizes {
            let trusted = try log.seen(size: size)
            for isWhole in [true, false] { try await follow(from: trusted, isWhole: isWhole) }
        }
    }

    @Test("following from an edge reads only what is new")
    func onlyNew() async throws {
        let made = try authority.make()
        for _ in 0..<513 { try log.add(made, authority) }
        try await follow(from: try log.seen(size: 512), isWhole: false)
        let data = log.contents.withLock { $0.reads.filter { $0.hasPrefix("tile/data/") } }
        #expect(data == ["tile/data/002.p/1"])
    }

    @Test("two signed trees of one size are a fork")
    func fork() async throws {
        try fill(2)
        let trusted = try log.seen()
        let other = log.copy()
        other.change { contents in _ = contents.leaves.popLast() }
        try other.add(try authority.make(), authority)
        for isWhole in [true, false] {
            await expect(.forked(size: TreeSize(2))) { try await follow(other, from: trusted, isWhole: isWhole) }
        }
    }

    @Test("a fork that has grown is no extension")
    func grownFork() async throws {
        try fill(3)
        let trusted = try log.seen()
        let other = log.copy()
        other.change { contents in contents.leaves.swapAt(1, 2) }
        try other.add(try authority.make(), authority)
        await expect(.inconsistent(from: TreeSize(3), to: TreeSize(4))) { try await follow(other, from: trusted) }
        await expect(.inconsistent(from: TreeSize(3), to: TreeSize(3))) {
            try await follow(other, from: trusted, isWhole: false)
        }
    }

    @Test("a fork that serves the old tree's edge is found by its root")
    func disguisedFork() async throws {
        try fill(3)
        let trusted = try log.seen()
        let other = log.copy()
        other.change { contents in contents.leaves.swapAt(1, 2) }
        try other.add(try authority.make(), authority)
        let edge = try log.document("tile/0/000.p/3")
        other.change { contents in contents.replaced["tile/0/000.p/3"] = edge }
        await expect(.inconsistent(from: TreeSize(3), to: TreeSize(4))) {
            try await follow(other, from: trusted, isWhole: false)
        }
    }

    @Test("a log that shrank is an alarm")
    func shrunk() async throws {
        try fill(3)
        let trusted = try log.seen()
        log.change { contents in _ = contents.leaves.popLast() }
        await expect(.shrunk(from: TreeSize(3), to: TreeSize(2))) { try await follow(from: trusted) }
    }

    @Test("a checkpoint that is dated before an earlier one is an alarm")
    func backdated() async throws {
        try fill(2)
        let trusted = try log.seen()
        log.change { contents in contents.timestamp = EntryTimestamp(milliseconds: 1) }
        await expect(.timeWentBack(size: TreeSize(2))) { try await follow(from: trusted) }
    }

    @Test("a checkpoint by another key or of another name isn't accepted")
    func wrongKey() async throws {
        try fill(1)
        let other = try PaperLog()
        await #expect(throws: MonitoringError.fault(.checkpointInvalid(.notSigned(by: log.origin)))) {
            _ = try await LogMonitor(source: log, key: other.key.publicKey).checkpoint(origin: nil)
        }
        let name = try LogOrigin("other.example")
        await #expect(throws: MonitoringError.fault(.checkpointInvalid(.originMismatch(expected: name)))) {
            _ = try await LogMonitor(source: log, key: log.key.publicKey).checkpoint(origin: name)
        }
    }

    @Test("a root that the entries don't lead to is found")
    func wrongRoot() async throws {
        try fill(2)
        let other = log.copy()
        other.change { contents in contents.leaves.swapAt(0, 1) }
        let checkpoint = try other.signed()
        log.change { contents in contents.replaced["checkpoint"] = checkpoint }
        await expect(.entriesContradictRoot(size: TreeSize(2))) { try await follow() }
    }

    @Test("an entry that is exchanged in the data tile only is found")
    func entryChanged() async throws {
        try fill(3)
        let other = log.copy()
        try other.change { contents in
            contents.leaves[1] = TileLeaf(
                timestamped: TimestampedEntry(
                    timestamp: EntryTimestamp(milliseconds: 5),
                    entry: contents.leaves[1].timestamped.entry,
                    extensions: try SCTExtensions(leafIndex: LeafIndex(1))
                ),
                precertificate: contents.leaves[1].precertificate,
                chain: contents.leaves[1].chain
            )
        }
        let tile = try other.document("tile/data/000.p/3")
        log.change { contents in contents.replaced["tile/data/000.p/3"] = tile }
        let bottom = try TileID(level: 0, index: 0, width: 3)
        await expect(.tileContradictsEntries(bottom)) { try await follow() }
        // Also when it is before the part that is new.
        await expect(.tileContradictsEntries(bottom)) {
            try await follow(from: try log.seen(size: 2), isWhole: false)
        }
    }

    @Test("a tile that is cut, lengthened, missing or garbage is found, whatever its kind")
    func brokenTiles() async throws {
        try fill(3)
        for path in ["tile/data/000.p/3", "tile/0/000.p/3"] {
            let sound = try #require(try log.document(path))
            for bad in [[], Array(sound.dropLast()), sound + [0], [UInt8](repeating: 0xFF, count: 500)] {
                log.change { contents in contents.replaced[path] = bad }
                await expect(.malformed(path: path)) { try await follow() }
            }
            log.change { contents in contents.replaced[path] = .some(nil) }
            await expect(.missing(path: path)) { try await follow() }
            log.change { contents in contents.replaced = [:] }
        }
    }

    @Test("no byte of a data tile can be changed unnoticed, and none is a trap")
    func everyByte() async throws {
        try fill(1)
        let path = "tile/data/000.p/1"
        let sound = try #require(try log.document(path))
        for place in sound.indices {
            var bad = sound
            bad[place] ^= 0x80
            log.change { contents in contents.replaced[path] = bad }
            let findings = try? await follow()
            // The precertificate and the chain beside the leaf aren't hashed: there the findings tell.
            #expect(findings?.isEmpty != true, "byte \(place)")
        }
    }

    @Test("a CA certificate that is missing or another is found")
    func issuers() async throws {
        try fill(1)
        let path = "issuer/\(authority.chain[0].fingerprint.hex)"
        log.change { contents in contents.replaced[path] = .some(nil) }
        await expect(.missing(path: path)) { try await follow() }
        log.change { contents in contents.replaced[path] = self.authority.chain[1].der }
        await expect(.malformed(path: path)) { try await follow() }
    }
}
