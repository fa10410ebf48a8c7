import LogTestKit
import Testing
import Transparency

@testable import Log

@Suite("A unique leaf is in the log once, through every failure", .timeLimit(.minutes(1)))
struct UniqueLeafTests {
    /// A leaf that depends on neither place nor time.
    private static func entry(_ text: String) -> LogEntry {
        let leaf = [UInt8](repeating: 0, count: 16) + Array(text.utf8)
        // What `TestLeaf` takes for the leaf of these stored bytes.
        let hash = (try? TestLeaf.read(leaf)).map { MerkleTree.leafHash($0) }
        return LogEntry(uniqueHash: hash) { _, _ in
            LogLeaf(merkleLeaf: try TestLeaf.read(leaf), stored: leaf)
        }
    }

    @Test func secondOneIsRefusedAloneWithTheFirstsIndex() async throws {
        let log = try OpenLog()
        _ = try await log.append(Self.entry("a")).get()
        let index = try await log.append(Self.entry("b")).get().index
        #expect(await log.append(Self.entry("b")) == .failure(.duplicate(of: index)))
        #expect(try await log.append(Self.entry("c")).get().index == LeafIndex(2))
        #expect(try log.audit() == ["a", "b", "c"])
    }

    @Test func inOneBatchTheFirstWinsAndTheSecondIsToldOnceItIsStored() async throws {
        let gate = Gate()
        let log = try OpenLog(wrap: { GatedLogStore($0, gate) })
        async let first = log.append("first")
        await gate.entered()
        async let winner = log.append(Self.entry("twin"))
        await gate.queued(1, in: log.sequencer)
        async let loser = log.append(Self.entry("twin"))
        await gate.queued(2, in: log.sequencer)
        async let last = log.append(Self.entry("last"))
        await gate.queued(3, in: log.sequencer)
        gate.open()
        _ = try await first.get()
        #expect(try await winner.get().index == LeafIndex(1))
        #expect(await loser == .failure(.duplicate(of: LeafIndex(1))))
        #expect(try await last.get().index == LeafIndex(2))
        #expect(try log.audit() == ["first", "twin", "last"])
    }

    @Test(arguments: FaultyLogStore.Fault.allCases)
    func twinsOfABatchWhoseWriteFailsAreToldWhatBecameOfIt(_ fault: FaultyLogStore.Fault) async throws {
        let gate = Gate()
        let log = try OpenLog(wrap: { GatedLogStore($0, gate) })
        log.faulty.failAppend(.refused, with: .full)
        log.faulty.failAppend(fault, with: .full)
        async let first = log.append("first")
        await gate.entered()
        async let one = log.append(Self.entry("twin"))
        await gate.queued(1, in: log.sequencer)
        async let other = log.append(Self.entry("twin"))
        await gate.queued(2, in: log.sequencer)
        gate.open()
        #expect(await first == .failure(.unavailable(.full)))
        let isKept = fault == .keptButReportedLost
        #expect(try await isKept ? one.get().index == LeafIndex(0) : one == .failure(.unavailable(.full)))
        #expect(await other == .failure(isKept ? .duplicate(of: LeafIndex(0)) : .unavailable(.full)))
        #expect(try log.audit() == (isKept ? ["twin"] : []))
    }

    /// Sent again after a failure, an entry is there once, whatever has become of the first write.
    @Test(arguments: FaultyLogStore.Fault.allCases, [true, false])
    func entrySentAgainAfterAFailureIsThereOnce(_ fault: FaultyLogStore.Fault, isReadable: Bool) async throws {
        let log = try OpenLog()
        log.faulty.failAppend(fault, with: .full)
        if !isReadable { log.faulty.failReads(with: .busy) }
        let during = await log.append(Self.entry("a"))
        log.faulty.failReads(with: nil)
        let after = await log.append(Self.entry("a"))
        if fault == .refused {
            #expect(try after.get().index == LeafIndex(0))
        } else {
            #expect(after == .failure(.duplicate(of: LeafIndex(0))))
        }
        if let place = try? during.get() { #expect(place.index == LeafIndex(0)) }
        #expect(try log.audit() == ["a"])
    }

    @Test func twoSequencersOnOneStoreTakeItOnce() async throws {
        let one = try OpenLog()
        let other = try OpenLog(memory: one.memory, signer: one.signer)
        let results = await withTaskGroup(of: Result<SequencedEntry, LogError>.self) { group in
            for task in 0..<32 {
                let log = task.isMultiple(of: 2) ? one : other
                group.addTask { await log.append(Self.entry("a")) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.count { (try? $0.get()) != nil } == 1)
        #expect(results.count { $0 == .failure(.duplicate(of: LeafIndex(0))) } == 31)
        #expect(try one.audit() == ["a"])
    }

    @Test func leafThatIsNotWhatItsHashSaysIsRefused() async throws {
        let log = try OpenLog()
        let hash = MerkleTree.leafHash([1])
        let entry = LogEntry(uniqueHash: hash) { _, _ in LogLeaf(merkleLeaf: [2], stored: [2]) }
        #expect(await log.append(entry) == .failure(.entryRefused))
        #expect(try log.audit().isEmpty)
    }
}
