import Keys
import Testing
import Transparency

@testable import Witnessing

@Suite("C2SP tlog-witness: the rules")
struct WitnessRulesTests {
    private let log: TestLog

    init() throws {
        log = try TestLog()
    }

    private func refusal(_ request: AddCheckpointRequest, latest: WitnessedTree) -> WitnessRefusal? {
        do throws(WitnessRefusal) {
            _ = try WitnessRules.judge(request, of: log.log, latest: latest)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [(0, 0), (0, 1), (0, 300), (1, 1), (1, 2), (7, 8), (8, 9), (255, 257), (256, 300), (300, 300)])
    func treeThatContinuesTheLatestOneIsCosigned(from: Int, to: Int) throws {
        let tree = try WitnessRules.judge(try log.request(from, to), of: log.log, latest: log.tree(from))
        #expect(tree == log.tree(to))
    }

    @Test
    func checkpointOfAnotherKeyIsRefused() throws {
        #expect(refusal(try TestLog().request(0, 5), latest: .nothing) == .notSigned)
    }

    @Test
    func oldSizeAboveTheCheckpointsIsRefused() throws {
        let request = AddCheckpointRequest(oldSize: TreeSize(6), proof: [], note: try log.checkpoint(5))
        #expect(refusal(request, latest: log.tree(6)) == .malformed)
    }

    @Test
    func otherOldSizeThanTheLatestIsAConflictThatNamesTheLatest() throws {
        #expect(refusal(try log.request(3, 5), latest: log.tree(4)) == .conflict(latest: TreeSize(4)))
        #expect(refusal(try log.request(0, 5), latest: log.tree(5)) == .conflict(latest: TreeSize(5)))
    }

    @Test
    func shorterTreeIsAConflict() throws {
        #expect(refusal(try log.request(2, 3), latest: log.tree(5)) == .conflict(latest: TreeSize(5)))
    }

    @Test
    func forkIsRefused() throws {
        let fork = TestLog(forking: log, at: 4)
        #expect(refusal(try fork.request(5, 8), latest: log.tree(5)) == .inconsistent)
        #expect(refusal(try fork.request(5, 5), latest: log.tree(5)) == .inconsistent)
        // Where the fork still is the same tree, it can't be told.
        #expect(refusal(try fork.request(4, 8), latest: log.tree(4)) == nil)
    }

    @Test
    func proofWhereNoneIsNeededIsRefused() throws {
        let hash = MerkleTree.emptyRoot
        for from in [0, 5] {
            let request = AddCheckpointRequest(
                oldSize: TreeSize(UInt64(from)),
                proof: [hash],
                note: try log.checkpoint(5)
            )
            #expect(refusal(request, latest: from == 0 ? .nothing : log.tree(5)) == .inconsistent)
        }
    }

    @Test
    func emptyTreeWithAnotherRootIsRefused() throws {
        let head = TreeHead(size: .empty, root: log.tree(1).root, timestamp: EntryTimestamp(milliseconds: 1))
        let note = try SignedTreeHead(signing: head, with: log.key)
            .checkpoint(origin: log.log.origin, logID: LogID(of: log.key.publicKey))
        let request = AddCheckpointRequest(oldSize: .empty, proof: [], note: note)
        #expect(refusal(request, latest: .nothing) == .inconsistent)
    }
}

@Suite("C2SP tlog-witness: the request")
struct AddCheckpointRequestTests {
    @Test
    func requestThatIsReadIsTheOneThatWasWritten() throws {
        let log = try TestLog()
        for (from, to) in [(0, 0), (0, 7), (3, 7), (255, 300)] {
            let request = try log.request(from, to)
            #expect(try AddCheckpointRequest(encoded: request.encoded) == request)
        }
    }

    @Test(arguments: [
        "", "old 0\n", "old 0\n\n", "old 00\n\nNOTE", "old -1\n\nNOTE", "old\n\nNOTE", "new 0\n\nNOTE", "\n\nNOTE",
        "old 1\nAAAA\n\nNOTE", " old 0\n\nNOTE", "old 0 \n\nNOTE", "old 0\r\n\r\nNOTE",
        "old 18446744073709551616\n\nNOTE", "old 0\n\nNOTE\n",
    ])
    func anythingElseIsRefused(text: String) throws {
        let note = String(decoding: try TestLog().checkpoint(1).encoded, as: UTF8.self)
        let bytes = Array(text.replacing("NOTE", with: note).utf8)
        #expect(throws: WitnessRefusal.malformed) { try AddCheckpointRequest(encoded: bytes) }
    }

    @Test
    func longerProofThanTheSpecificationAllowsIsRefused() throws {
        let note = try TestLog().checkpoint(1)
        let hash = MerkleTree.emptyRoot
        func encoded(_ count: Int) -> [UInt8] {
            AddCheckpointRequest(oldSize: TreeSize(1), proof: Array(repeating: hash, count: count), note: note).encoded
        }
        #expect(try AddCheckpointRequest(encoded: encoded(63)).proof.count == 63)
        #expect(throws: WitnessRefusal.malformed) { try AddCheckpointRequest(encoded: encoded(64)) }
    }
}
