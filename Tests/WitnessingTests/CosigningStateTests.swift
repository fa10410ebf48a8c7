import Testing
import Transparency

@testable import Witnessing

@Suite("Collecting cosignatures")
struct CosigningStateTests {
    private let log: TestLog

    init() throws {
        log = try TestLog(leafCount: 20)
    }

    private func line(_ index: Int) throws -> NoteSignature {
        NoteSignature(name: try LogOrigin("w\(index)"), keyID: .init(UInt32(index)), signature: [1])
    }

    @Test
    func nothingIsPublishedBeforeEnoughHaveSigned() throws {
        var state = CosigningState(peerCount: 3, needed: 2)
        let note = try log.checkpoint(5)
        #expect(state.begin(note.text, size: TreeSize(5), among: [0, 1, 2]) == [0, 1, 2])
        #expect(state.cosigned(2, try line(2), on: note) == nil)
        let published = try #require(state.cosigned(0, try line(0), on: note))
        #expect(published.text == note.text)
        #expect(published.signatures == [note.signatures[0], try line(0), try line(2)])
        // The third is added to what is published.
        #expect(state.cosigned(1, try line(1), on: note)?.signatures.count == 4)
        #expect(state.begin(note.text, size: TreeSize(5), among: [0, 1, 2]).isEmpty)
    }

    @Test
    func cosignaturesOfDifferentTreesAreNotAddedUp() throws {
        var state = CosigningState(peerCount: 2, needed: 2)
        let (old, new) = (try log.checkpoint(5), try log.checkpoint(6))
        _ = state.begin(old.text, size: TreeSize(5), among: [0, 1])
        #expect(state.cosigned(0, try line(0), on: old) == nil)
        #expect(state.begin(new.text, size: TreeSize(6), among: [0, 1]) == [0, 1])
        #expect(state.cosigned(1, try line(1), on: new) == nil)
        #expect(state.cosigned(0, try line(0), on: old) == nil)
        #expect(state.published == nil)
    }

    @Test
    func publishedTreeNeverBecomesSmaller() throws {
        var state = CosigningState(peerCount: 1, needed: 1)
        let (large, small) = (try log.checkpoint(9), try log.checkpoint(4))
        state.adopt(large, size: TreeSize(9))
        state.adopt(small, size: TreeSize(4))
        _ = state.begin(small.text, size: TreeSize(4), among: [0])
        #expect(state.cosigned(0, try line(0), on: small) == nil)
        #expect(state.published == large)
    }

    @Test
    func witnessThatFailsIsLeftAloneLongerAndLonger() throws {
        var state = CosigningState(peerCount: 1, needed: 1)
        let note = try log.checkpoint(1)
        var pauses: [Int] = []
        for _ in 0..<9 {
            #expect(state.begin(note.text, size: TreeSize(1), among: [0]) == [0])
            _ = state.failed(0, "no")
            pauses.append(0)
            while state.peers[0].pause > 0 {
                #expect(state.begin(note.text, size: TreeSize(1), among: [0]).isEmpty)
                pauses[pauses.count - 1] += 1
            }
        }
        #expect(pauses == [1, 2, 4, 8, 16, 32, 64, 64, 64])
        _ = state.cosigned(0, try line(0), on: note)
        #expect(state.peers[0] == CosigningState.Peer(known: TreeSize(1)))
    }

    @Test
    func sameFailureIsSaidOnce() {
        var state = CosigningState(peerCount: 1, needed: 1)
        let said = ["a", "a", "b", "b", "a"].map { state.failed(0, $0) }
        #expect(said == [true, false, true, false, true])
    }
}
