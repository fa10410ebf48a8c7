import LogTestKit
import Testing
import Transparency

@testable import Log

@Suite("LogReader: C2SP tlog-tiles, RFC 6962 §2.1.1 and §2.1.2")
struct LogReaderTests {
    private static func log(of size: Int) async throws -> OpenLog {
        let log = try OpenLog(limits: SequencerLimits(queueMax: 2000))
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<size { group.addTask { _ = await log.append("\(number)") } }
        }
        return log
    }

    @Test func everyEntryIsProvenInEveryTreeThatHoldsIt() async throws {
        let log = try await Self.log(of: 300)
        let rows = log.memory.snapshot().rows
        for size in [1, 2, 3, 7, 255, 256, 257, 300] {
            let root = MerkleTree.root(of: rows.prefix(size).map(\.leafHash))
            for index in Set([0, size / 3, size - 1]) {
                let proof = try await log.sequencer.reader.inclusionProof(
                    of: LeafIndex(UInt64(index)),
                    in: TreeSize(UInt64(size))
                )
                #expect(throws: Never.self) { try proof.verify(leafHash: rows[index].leafHash, root: root) }
            }
        }
    }

    @Test func everyTreeIsProvenAPrefixOfEveryLaterOne() async throws {
        let log = try await Self.log(of: 300)
        let rows = log.memory.snapshot().rows
        let sizes = [1, 2, 3, 7, 255, 256, 257, 300]
        let roots = sizes.map { MerkleTree.root(of: rows.prefix($0).map(\.leafHash)) }
        for (older, from) in sizes.enumerated() {
            for (newer, to) in sizes.enumerated() where from <= to {
                let proof = try await log.sequencer.reader.consistencyProof(
                    from: TreeSize(UInt64(from)),
                    to: TreeSize(UInt64(to))
                )
                #expect(throws: Never.self) { try proof.verify(oldRoot: roots[older], newRoot: roots[newer]) }
            }
        }
    }

    @Test func nothingIsProvenBeyondTheCheckpoint() async throws {
        let log = try await Self.log(of: 5)
        let reader = log.sequencer.reader
        await #expect(throws: LogError.outsideLog) {
            try await reader.inclusionProof(of: LeafIndex(0), in: TreeSize(6))
        }
        await #expect(throws: LogError.outsideLog) {
            try await reader.inclusionProof(of: LeafIndex(5), in: TreeSize(5))
        }
        await #expect(throws: LogError.outsideLog) {
            try await reader.consistencyProof(from: TreeSize(2), to: TreeSize(6))
        }
        await #expect(throws: LogError.outsideLog) {
            try await reader.consistencyProof(from: TreeSize(5), to: TreeSize(4))
        }
        #expect(try await reader.tile(try TileID(level: 0, index: 0, width: 6)) == nil)
        #expect(try await reader.dataTile(try TileID(level: 0, index: 0, width: 6)) == nil)
        #expect(try await reader.entries(from: LeafIndex(5), count: 1).isEmpty)
    }

    @Test func dataTileIsItsStoredLeavesInARow() async throws {
        let log = try await Self.log(of: 300)
        let rows = log.memory.snapshot().rows
        let reader = log.sequencer.reader
        #expect(try await reader.dataTile(try TileID(level: 0, index: 0)) == rows[..<256].flatMap(\.stored))
        #expect(try await reader.dataTile(try TileID(level: 0, index: 1, width: 44)) == rows[256...].flatMap(\.stored))
        #expect(
            try await reader.dataTile(try TileID(level: 0, index: 1, width: 3)) == rows[256..<259].flatMap(\.stored)
        )
        #expect(try await reader.dataTile(try TileID(level: 1, index: 0, width: 1)) == nil)
    }

    @Test func oneCallReturnsABoundedNumberOfEntries() async throws {
        let log = try await Self.log(of: LogReader.entriesMax + 10)
        let entries = try await log.sequencer.reader.entries(from: LeafIndex(2), count: .max)
        #expect(entries.count == LogReader.entriesMax)
        #expect(entries.first?.index == LeafIndex(2))
        #expect(try await log.sequencer.reader.entries(from: LeafIndex(2), count: -1).isEmpty)
    }

    @Test func leafHashLeadsToItsEntry() async throws {
        let log = try await Self.log(of: 20)
        let rows = log.memory.snapshot().rows
        for row in rows {
            #expect(try await log.sequencer.reader.index(ofLeafHash: row.leafHash) == row.index)
        }
        #expect(try await log.sequencer.reader.index(ofLeafHash: MerkleTree.emptyRoot) == nil)
    }

    @Test func searchReadsLeafHashesAndNoEntries() async throws {
        let log = try await Self.log(of: 300)
        let reader = log.sequencer.reader
        let hashes = log.memory.snapshot().rows.map(\.leafHash)
        let all = SearchKey("all")
        let some = SearchKey("some")
        log.memory.tamper { contents in
            contents.rows = []
            contents.keys = [
                all: (0..<300).map { LeafIndex($0) }, some: [0, 3, 255, 256, 299].map { LeafIndex($0) },
            ]
        }
        #expect(
            try await reader.leafHashes(ofKeys: [some], needsAll: false)
                == [299, 256, 255, 3, 0].map { hashes[$0] }
        )
        #expect(
            try await reader.leafHashes(ofKeys: [all], needsAll: false)
                == Array(hashes.reversed().prefix(LogReader.foundMax))
        )
        log.memory.tamper { $0.keys[some] = [LeafIndex(300)] }
        let damage = LogDamage.tileMissing(try TileID(level: 0, index: 1, width: 45))
        await #expect(throws: LogError.damaged(damage)) { try await reader.leafHashes(ofKeys: [some], needsAll: false) }
    }

    @Test func failingStoreIsNamed() async throws {
        let log = try await Self.log(of: 1)
        log.faulty.failReads(with: .inputOutput(code: 266))
        await #expect(throws: LogError.unavailable(.inputOutput(code: 266))) { try await log.sequencer.reader.head() }
        let empty = LogReader(store: MemoryLogStore())
        await #expect(throws: LogError.damaged(.headMissing)) { try await empty.head() }
    }
}
