import Log
import LogTestKit
import Transparency

/// A log in memory with all that belongs to it.
struct OpenLog {
    let memory: MemoryLogStore
    let faulty: FaultyLogStore
    let signer: TestSigner
    let clock: TestClock
    let sequencer: Sequencer

    /// A new log, or the one in `memory` opened again.
    init(
        memory: MemoryLogStore? = nil,
        signer: TestSigner = TestSigner(),
        clock: TestClock = TestClock(),
        limits: SequencerLimits = SequencerLimits(),
        wrap: (any LogStore) -> any LogStore = { $0 }
    ) throws {
        self.memory = memory ?? MemoryLogStore()
        self.signer = signer
        self.clock = clock
        faulty = FaultyLogStore(self.memory)
        if memory == nil { try Sequencer.create(in: self.memory, signer: signer, clock: clock.now) }
        sequencer = try Sequencer.open(
            wrap(faulty),
            signer: signer,
            merkleLeaf: TestLeaf.read,
            clock: clock.now,
            limits: limits
        )
    }

    /// Throws unless the whole log is in order and no size was signed twice; returns what the entries say.
    @discardableResult
    func audit() throws -> [String] {
        _ = try LogAudit.run(memory, signer: signer, merkleLeaf: TestLeaf.read)
        guard signer.forks.isEmpty else { throw LogDamage.forked(at: signer.forks[0]) }
        return memory.snapshot().rows.map { TestLeaf.text($0.stored) }
    }

    func append(_ text: String) async -> Result<SequencedEntry, LogError> {
        await append(TestLeaf.entry(text))
    }

    func append(_ entry: LogEntry) async -> Result<SequencedEntry, LogError> {
        do throws(LogError) {
            return .success(try await sequencer.append(entry))
        } catch {
            return .failure(error)
        }
    }
}
