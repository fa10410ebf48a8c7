import Fetching
import Foundation
import Keys
import Log
import Synchronization
import Testing
import Transparency

@testable import Witnessing

@Suite("A log and its witnesses")
struct CosigningTests {
    /// A log of a size that can be changed, and one witness in the network's place.
    private final class World: Sendable {
        let folder = NSTemporaryDirectory() + "cosigning-\(UUID().uuidString)"
        let log: TestLog
        let size = Mutex(5)
        let witness: Witness
        let isDown = Mutex(false)
        let asked = Mutex(0)
        /// What comes in place of the witness's own answer.
        let reply = Mutex<(status: Int, body: String)?>(nil)
        /// How many entries another writer adds while the witness answers.
        let growth = Mutex(0)

        init() throws {
            log = try TestLog(leafCount: 20)
            let name = try LogOrigin("witness.example/w1")
            _ = try Witness.create(directory: folder, name: name)
            try log.key.publicKey.pem.write(toFile: folder + "/log.pub", atomically: true, encoding: .utf8)
            let settings = "name: \(name)\nlogs: [{origin: \(log.log.origin), key: log.pub}]\n"
            try settings.write(toFile: folder + "/witness.yaml", atomically: true, encoding: .utf8)
            witness = try Witness(directory: folder) { EntryTimestamp(milliseconds: 1_700_000_000_000) }
        }

        deinit { try? FileManager.default.removeItem(atPath: folder) }

        func cosigning(of log: TestLog? = nil, isRequired: Bool = false) -> Cosigning {
            let log = log ?? self.log
            let peer = WitnessPolicy.Peer(cosigner: witness.cosigner, url: "http://witness")
            return Cosigning(
                WitnessPolicy(peers: [peer], needed: 1, isRequiredAtStart: isRequired),
                fetchPolicies: [FetchPolicy(allowsHTTP: true)],
                log: log.log,
                path: folder + "/witnessed",
                environment: Cosigning.Environment(
                    head: { () throws(LogError) in
                        let size = self.size.withLock { $0 }
                        guard let head = try? log.head(size) else { throw .closed }
                        return head
                    },
                    prove: { from, to throws(LogError) in
                        guard let proof = try? log.proof(Int(from.value), Int(to.value)) else { throw .outsideLog }
                        return proof
                    },
                    fetch: { request throws(FetchError) in try self.answer(request) }
                )
            )
        }

        private func answer(_ request: FetchRequest) throws(FetchError) -> FetchResponse {
            asked.withLock { $0 += 1 }
            let added = self.growth.withLock { $0 }
            defer { self.size.withLock { $0 += added } }
            if isDown.withLock({ $0 }) { throw .connectionFailed }
            if let reply = reply.withLock({ $0 }) {
                return FetchResponse(status: reply.status, headers: [:], body: Array(reply.body.utf8))
            }
            do throws(WitnessRefusal) {
                let line = try witness.addCheckpoint(try AddCheckpointRequest(encoded: request.body))
                return FetchResponse(status: 200, headers: [:], body: Array(line.line.utf8))
            } catch {
                guard case .conflict(let size) = error else {
                    return FetchResponse(status: error.status, headers: [:], body: [])
                }
                return FetchResponse(status: 409, headers: [:], body: Array("\(size)\n".utf8))
            }
        }
    }

    private func problem(_ cosigning: Cosigning) async -> CosigningError? {
        do throws(CosigningError) {
            try await cosigning.check()
            return nil
        } catch {
            return error
        }
    }

    @Test
    func newestCheckpointIsServedWithItsCosignature() async throws {
        let world = try World()
        let cosigning = world.cosigning()
        #expect(await problem(cosigning) == nil)
        let plain = try world.log.checkpoint(5).encoded
        let served = try SignedNote(encoded: cosigning.served(plain))
        #expect(try world.witness.cosigner.cosignature(on: served) != nil)
        // A tree that nobody has signed yet is served as it is.
        let newer = try world.log.checkpoint(6).encoded
        #expect(cosigning.served(newer) == newer)
    }

    @Test
    func quietLogAsksNobody() async throws {
        let world = try World()
        let cosigning = world.cosigning()
        #expect(await cosigning.round().isEmpty)
        let before = world.asked.withLock { $0 }
        for _ in 0..<5 { #expect(await cosigning.round().isEmpty) }
        #expect(world.asked.withLock { $0 } == before)
        world.size.withLock { $0 = 9 }
        #expect(await cosigning.round().isEmpty)
        // It knows what the witness knows: one question.
        #expect(world.asked.withLock { $0 } == before + 1)
        #expect(try Checkpoint(text: try #require(cosigning.published).text).size == TreeSize(9))
    }

    @Test
    func shorterLogIsCaughtByTheWitnessAndByTheFile() async throws {
        let world = try World()
        #expect(await problem(world.cosigning()) == nil)
        world.size.withLock { $0 = 3 }
        let path = world.folder + "/witnessed"
        #expect(
            await problem(world.cosigning()) == .fileAhead(path: path, size: TreeSize(5), here: TreeSize(3))
        )
        try FileManager.default.removeItem(atPath: path)
        let name = world.witness.cosigner.name
        #expect(await problem(world.cosigning()) == .ahead(witness: name, size: TreeSize(5), here: TreeSize(3)))
    }

    @Test(arguments: [5, 8])
    func logThatWentAnotherWayIsCaught(size: Int) async throws {
        let world = try World()
        #expect(await problem(world.cosigning()) == nil)
        let fork = TestLog(forking: world.log, at: 2)
        world.size.withLock { $0 = size }
        let path = world.folder + "/witnessed"
        #expect(await problem(world.cosigning(of: fork)) == .fileForked(path: path, size: TreeSize(5)))
        try FileManager.default.removeItem(atPath: path)
        let name = world.witness.cosigner.name
        #expect(
            await problem(world.cosigning(of: fork)) == .forked(witness: name, here: TreeSize(UInt64(size)))
        )
    }

    @Test
    func logThatIsExchangedWhileItIsServedIsSaidToBeContradictedOnce() async throws {
        let world = try World()
        let cosigning = world.cosigning()
        #expect(await cosigning.round().isEmpty)
        #expect(!cosigning.isContradicted)
        let copy = world.cosigning()
        world.size.withLock { $0 = 9 }
        #expect(await copy.round().isEmpty)
        try FileManager.default.removeItem(atPath: world.folder + "/witnessed")
        world.size.withLock { $0 = 6 }
        let name = world.witness.cosigner.name
        let error = CosigningError.ahead(witness: name, size: TreeSize(9), here: TreeSize(6))
        #expect(await cosigning.round() == [.contradicted(error)])
        #expect(cosigning.isContradicted)
        _ = await cosigning.round()
        #expect(await cosigning.round().isEmpty)
    }

    @Test(arguments: [12, 20])
    func slowWitnessIsAheadOnlyOfALogThatStaysSmaller(known: Int) async throws {
        let world = try World()
        world.growth.withLock { $0 = 3 }
        world.reply.withLock { $0 = (409, "\(known)\n") }
        // It is asked about 5, 8 and 11 entries; then there are 14.
        let name = world.witness.cosigner.name
        let error = CosigningError.ahead(witness: name, size: TreeSize(UInt64(known)), here: TreeSize(14))
        #expect(await problem(world.cosigning()) == (known > 14 ? error : nil))
        #expect(world.asked.withLock { $0 } == 3)
    }

    @Test
    func deadWitnessBlocksTheStartOnlyWhereItIsRequired() async throws {
        let world = try World()
        world.isDown.withLock { $0 = true }
        #expect(await problem(world.cosigning()) == nil)
        let name = world.witness.cosigner.name
        let problem = "\(FetchError.connectionFailed)"
        #expect(
            await self.problem(world.cosigning(isRequired: true)) == .unreachable(witness: name, problem: problem)
        )
        let cosigning = world.cosigning()
        #expect(await cosigning.round() == [.failed(witness: name, problem: problem)])
        world.isDown.withLock { $0 = false }
        #expect(await cosigning.round().isEmpty)
        #expect(cosigning.published == nil)
        #expect(await cosigning.round().isEmpty)
        #expect(cosigning.published != nil)
    }

    @Test(arguments: [
        (200, "", "its answer can't be read"), (200, "— witness.example/w1 AAAAAAA=\n", "another key"),
        (200, "yes\n", "its answer can't be read"), (409, "5", "its answer can't be read"),
        (409, "05\n", "its answer can't be read"), (409, "0\n", "it contradicts itself"), (500, "", "it answered 500"),
        (404, "", "it answered 404"), (301, "", "it answered 301"),
    ])
    func answerThatMakesNoSenseIsNoCosignature(status: Int, body: String, problem: String) async throws {
        let world = try World()
        world.reply.withLock { $0 = (status, body) }
        let cosigning = world.cosigning()
        let events = await cosigning.round()
        guard case .failed(_, let text) = try #require(events.first) else {
            Issue.record("\(events)")
            return
        }
        #expect(text.contains(problem))
        #expect(cosigning.published == nil)
        #expect(!cosigning.isContradicted)
    }

    @Test
    func cosignatureOnAnotherTreeIsRefused() async throws {
        let world = try World()
        let other = try world.witness.addCheckpoint(try world.log.request(0, 4))
        world.reply.withLock { $0 = (200, other.line) }
        let cosigning = world.cosigning()
        #expect(await cosigning.round().count == 1)
        #expect(cosigning.published == nil)
    }

    @Test
    func carriedRequestComesBackCosignedAndIsPublished() async throws {
        let world = try World()
        let cosigning = world.cosigning()
        let request = try await cosigning.carriedRequest(from: nil)
        await #expect(throws: CosigningError.policyNotMet(found: 0, needed: 1)) {
            try await cosigning.publish(request, from: "medium")
        }
        let signed = try request.adding(try world.witness.addCheckpoint(request))
        #expect(try await cosigning.publish(signed, from: "medium") == TreeSize(5))
        world.size.withLock { $0 = 7 }
        let next = try await cosigning.carriedRequest(from: nil)
        #expect(next.oldSize == TreeSize(5))
        let signedNext = try next.adding(try world.witness.addCheckpoint(next))
        #expect(try await cosigning.publish(signedNext, from: "medium") == TreeSize(7))
        await #expect(throws: CosigningError.alreadyWitnessed(size: TreeSize(7))) {
            try await cosigning.publish(signed, from: "medium")
        }
    }

    @Test
    func witnessThatCannotKeepTheCheckpointDoesNotSign() async throws {
        let world = try World()
        try FileManager.default.removeItem(atPath: world.folder)
        let request = try world.log.request(0, 5)
        #expect(throws: WitnessRefusal.notStored(code: ENOENT)) { try world.witness.addCheckpoint(request) }
        // And it has not moved on.
        #expect(throws: WitnessRefusal.notStored(code: ENOENT)) { try world.witness.addCheckpoint(request) }
    }
}
