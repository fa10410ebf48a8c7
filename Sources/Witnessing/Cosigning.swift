public import Fetching
import Files
public import Log
import Synchronization
public import Transparency

/// The log's side of its witnesses: has its checkpoints cosigned, keeps the newest one that enough witnesses have
/// signed, and compares the log with what they have seen.
///
/// The witnessed checkpoint is a file beside the log's key, replaced whole, so that `mayfly log cosign` can bring one
/// from behind an air gap to a running server. Issuing never waits for any of this.
public final class Cosigning: Sendable {
    /// What it needs of the world.
    public struct Environment: Sendable {
        /// The log's newest head.
        public let head: @Sendable () async throws(LogError) -> StoredHead
        /// A consistency proof between two sizes of the log.
        public let prove: @Sendable (TreeSize, TreeSize) async throws(LogError) -> ConsistencyProof
        /// The network.
        public let fetch: @Sendable (FetchRequest) async throws(FetchError) -> FetchResponse

        /// Puts the parts together.
        public init(
            head: @escaping @Sendable () async throws(LogError) -> StoredHead,
            prove: @escaping @Sendable (TreeSize, TreeSize) async throws(LogError) -> ConsistencyProof,
            fetch: @escaping @Sendable (FetchRequest) async throws(FetchError) -> FetchResponse
        ) {
            self.head = head
            self.prove = prove
            self.fetch = fetch
        }
    }

    /// Something an operator should hear of a witness.
    public enum Event: Sendable, Equatable {
        /// It gave no cosignature; said once until it does or the reason changes.
        case failed(witness: LogOrigin, problem: String)
        /// The log is older than, or another than, what it has seen.
        case contradicted(CosigningError)
        /// The log or the file of the witnessed checkpoint can't be used.
        case blocked(CosigningError)
    }

    let policy: WitnessPolicy
    let log: WitnessedLog
    let path: String
    let environment: Environment
    let comparison: LogComparison
    private let clients: [WitnessClient?]
    private let contradicted = Atomic(false)
    private let state: Mutex<CosigningState>

    /// `path` is the file of the witnessed checkpoint; `fetchPolicies` says for each witness what a request may do.
    public init(
        _ policy: WitnessPolicy,
        fetchPolicies: [FetchPolicy],
        log: WitnessedLog,
        path: String,
        environment: Environment
    ) {
        self.policy = policy
        self.log = log
        self.path = path
        self.environment = environment
        comparison = LogComparison(log, head: environment.head, prove: environment.prove)
        clients = zip(policy.peers, fetchPolicies).map { peer, fetchPolicy in
            guard peer.url != nil else { return nil }
            return WitnessClient(
                peer: peer,
                policy: fetchPolicy,
                timeoutSeconds: policy.timeoutSeconds,
                fetch: environment.fetch,
                prove: environment.prove
            )
        }
        state = Mutex(CosigningState(peerCount: policy.peers.count, needed: policy.needed))
    }

    /// The newest checkpoint that enough witnesses have cosigned; nil before the first.
    public var published: SignedNote? { state.withLock { $0.published } }

    /// Whether a witness has contradicted the log since the start: another process signs with the log's key, or the
    /// store has been exchanged under this one.
    public var isContradicted: Bool { contradicted.load(ordering: .relaxed) }

    /// A checkpoint of this log as it is served: with the cosignatures, where enough were collected for exactly this
    /// tree; else as it is.
    public func served(_ checkpoint: [UInt8]) -> [UInt8] {
        guard let published, checkpoint.starts(with: Array((published.text + "\n").utf8)) else { return checkpoint }
        return published.encoded
    }

    /// Compares the log with the witnessed checkpoint on disk and with every witness that can be reached, and has the
    /// newest checkpoint cosigned. Returns how many witnesses were reached. Throws what keeps the log from being served.
    @discardableResult
    public func check() async throws(CosigningError) -> Int {
        try await adoptFile()
        let answers = await withTaskGroup(of: (Int, Result<Asked, CosigningError>).self) { group in
            for (index, client) in clients.enumerated() {
                guard let client else { continue }
                group.addTask { (index, await self.ask(client)) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let sorted = answers.sorted { $0.0 < $1.0 }
        for case (let index, .success(let asked)) in sorted {
            guard case .cosigned = asked.answer else { continue }
            _ = await take(asked.answer, from: index, on: asked.note)
        }
        var reached = 0
        for (index, answer) in sorted {
            let witness = policy.peers[index].cosigner.name
            switch try answer.get().answer {
            case .cosigned: reached += 1
            case .ahead(let size):
                // Another writer of the same store may have been faster than each question; the next round compares.
                let here = try await head().size
                guard here >= size else { throw .ahead(witness: witness, size: size, here: here) }
                reached += 1
            case .forked: throw .forked(witness: witness, here: try await head().size)
            case .failed(let problem):
                guard !policy.isRequiredAtStart else { throw .unreachable(witness: witness, problem: problem) }
            }
        }
        return reached
    }

    /// One round: the newest checkpoint to every witness that hasn't cosigned it, all at once. What happens meanwhile
    /// waits for the next round, which takes the newest checkpoint then. Returns what an operator should hear.
    public func round() async -> [Event] {
        var events: [Event] = []
        let current: (note: SignedNote, size: TreeSize)
        do throws(CosigningError) {
            try await adoptFile()
            current = try await head()
        } catch {
            return [.blocked(error)]
        }
        let online = clients.indices.filter { clients[$0] != nil }
        let asked = state.withLock { $0.begin(current.note.text, size: current.size, among: online) }
        let known = state.withLock { $0.peers.map(\.known) }
        await withTaskGroup(of: (Int, WitnessClient.Answer).self) { group in
            for index in asked {
                guard let client = clients[index] else { continue }
                group.addTask {
                    (index, await client.cosign(current.note, size: current.size, known: known[index]))
                }
            }
            for await (index, answer) in group {
                if let event = await take(answer, from: index, on: current.note) { events.append(event) }
            }
        }
        return events
    }

    private func take(_ answer: WitnessClient.Answer, from index: Int, on note: SignedNote) async -> Event? {
        let witness = policy.peers[index].cosigner.name
        let problem: String
        switch answer {
        case .cosigned(let line):
            guard let witnessed = state.withLock({ $0.cosigned(index, line, on: note) }) else { return nil }
            do {
                try WholeFile.replace(path, with: witnessed.encoded)
                return nil
            } catch {
                return .blocked(.file(path: path, problem: "\(error)"))
            }
        case .failed(let text): problem = text
        case .ahead(let size):
            // Another writer of the same store may have been faster than this round.
            guard let here = try? await head().size, here < size else { return nil }
            problem = "it has cosigned \(size) entries, and here are \(here)"
            guard state.withLock({ $0.failed(index, problem) }) else { return nil }
            contradicted.store(true, ordering: .relaxed)
            return .contradicted(.ahead(witness: witness, size: size, here: here))
        case .forked:
            problem = "it has cosigned another tree"
            guard state.withLock({ $0.failed(index, problem) }), let here = try? await head().size else { return nil }
            contradicted.store(true, ordering: .relaxed)
            return .contradicted(.forked(witness: witness, here: here))
        }
        return state.withLock { $0.failed(index, problem) } ? .failed(witness: witness, problem: problem) : nil
    }

    /// What a witness answered at the start, and about which checkpoint.
    private struct Asked: Sendable {
        let answer: WitnessClient.Answer
        let note: SignedNote
    }

    /// Asks one witness about the newest tree, again with a newer one while another writer makes it grow.
    private func ask(_ client: WitnessClient) async -> Result<Asked, CosigningError> {
        do throws(CosigningError) {
            var triesLeft = 3
            while true {
                let current = try await head()
                _ = state.withLock { $0.begin(current.note.text, size: current.size, among: []) }
                let answer = await client.cosign(current.note, size: current.size, known: .empty)
                triesLeft -= 1
                if triesLeft > 0, case .ahead = answer, try await head().size > current.size { continue }
                return .success(Asked(answer: answer, note: current.note))
            }
        } catch {
            return .failure(error)
        }
    }

    /// The newest checkpoint.
    func head() async throws(CosigningError) -> (note: SignedNote, size: TreeSize) {
        do throws(LogError) {
            let head = try await environment.head()
            guard let note = try? SignedNote(encoded: head.checkpoint) else { throw .damaged(.checkpointInvalid) }
            return (note, head.tree.size)
        } catch {
            throw .log(error)
        }
    }

    /// Takes over the witnessed checkpoint on disk when it is another one than the published one.
    private func adoptFile() async throws(CosigningError) {
        let bytes: [UInt8]?
        do { bytes = try WholeFile.read(path) } catch { throw .file(path: path, problem: "\(error)") }
        guard let bytes, bytes != published?.encoded else { return }
        let tree = try await comparison.check(bytes, from: path)
        // With fewer good cosignatures than the policy asks for by now, it is evidence but not published.
        guard let note = try? SignedNote(encoded: bytes), (try? cosignatures(on: note).count) ?? 0 >= policy.needed
        else { return }
        state.withLock { $0.adopt(note, size: tree.size) }
    }

    /// The good cosignatures on a checkpoint, by witnesses of the policy.
    func cosignatures(on note: SignedNote) throws(TransparencyError) -> [NoteSignature] {
        var lines: [NoteSignature] = []
        for peer in policy.peers {
            if let line = try peer.cosigner.cosignature(on: note) { lines.append(line) }
        }
        return lines
    }
}
