import Keys
import Synchronization
public import TrustRoot

/// The TUF repository that is served: read from its folder when that has changed, and signed anew in it before it ends.
///
/// The folder is the truth: a command may have renewed root and targets, and other processes see what this one signs.
public final class PublishedTrust: Sendable {
    /// What came of a look at the folder.
    public enum Event: Sendable, Equatable {
        /// It was read or signed; the newest versions.
        case published(targets: Int, timestamp: Int)
        /// It can't be read or signed; what was served is served on.
        case failed(AuthorityError)
    }

    private struct State {
        var repository: TrustRepository?
        var mark: [UInt64] = []
        var problem: AuthorityError?
    }

    private let folder: TrustFolder
    private let online: SigningKey?
    private let lifetimes: TrustLifetimes
    private let state = Mutex(State())

    /// Serves a folder; without a key it is only read.
    init(folder: TrustFolder, online: SigningKey?, lifetimes: TrustLifetimes) {
        self.folder = folder
        self.online = online
        self.lifetimes = lifetimes
    }

    /// What is served; nil before a repository was found.
    public var repository: TrustRepository? { state.withLock { $0.repository } }

    /// Looks at the folder and signs what is due, at a moment in seconds since 1970. Nil when there was nothing to do, or
    /// the problem is the one of the last time. Blocks for small files; one at a time.
    public func maintain(at seconds: Int64) -> Event? {
        let mark = folder.mark
        let (repository, lastMark, lastProblem) = state.withLock { ($0.repository, $0.mark, $0.problem) }
        let mustSign = online != nil && (repository.map { isDue($0, at: seconds) } ?? false)
        guard mark != lastMark || mustSign || lastProblem != nil else { return nil }
        let result: Result<TrustRepository?, AuthorityError>
        do throws(AuthorityError) {
            result = .success(try refresh(at: seconds))
        } catch {
            result = .failure(error)
        }
        return state.withLock { state in
            // From before the look: what has changed meanwhile is looked at the next time.
            state.mark = mark
            switch result {
            case .success(let repository):
                let isNew = repository?.files != state.repository?.files
                state.problem = nil
                state.repository = repository
                guard isNew, let repository else { return nil }
                return .published(targets: repository.version(.targets), timestamp: repository.version(.timestamp))
            case .failure(let error):
                defer { state.problem = error }
                return error == state.problem ? nil : .failed(error)
            }
        }
    }

    private func refresh(at seconds: Int64) throws(AuthorityError) -> TrustRepository? {
        guard let online else { return try folder.read() }
        return try folder.change { repository throws(AuthorityError) in
            do throws(TrustRootError) {
                try repository.publish(online: online, lifetimes: lifetimes, at: seconds)
            } catch {
                throw .trust(error)
            }
        }?.repository
    }

    private func isDue(_ repository: TrustRepository, at seconds: Int64) -> Bool {
        [.snapshot, .timestamp].contains { repository.isDue($0, lifetimes: lifetimes, at: seconds) }
    }

    /// Whether clients of the repository get these documents, where to log in included.
    public func isCurrent(_ documents: TrustDocuments) -> Bool {
        repository?.names(documents.targets) ?? true
    }

    /// What an operator should look at, at a moment, where clients should be offered these documents.
    func warnings(_ documents: TrustDocuments, at seconds: Int64) -> [ReadinessProblem] {
        let (repository, problem) = state.withLock { ($0.repository, $0.problem) }
        func warning(_ text: String) -> ReadinessProblem { ReadinessProblem(part: "trust", problem: text) }
        var warnings: [ReadinessProblem] = []
        if problem != nil { warnings.append(warning("the repository can't be read or signed: see the log")) }
        guard let repository else { return warnings }
        for role in TUFRole.allCases {
            let left = repository.expiresSeconds(role) - seconds
            if left < 0 {
                warnings.append(warning("the \(role.rawValue) has expired: clients refuse the repository"))
            } else if role == .root || role == .targets, repository.isDue(role, lifetimes: lifetimes, at: seconds) {
                warnings.append(
                    warning("the \(role.rawValue) expires in \(left / 86_400) days: run mayfly trust renew")
                )
            }
        }
        // Where to log in is of no matter to those who verify: see `isCurrent`.
        if !repository.has(documents.verification) {
            warnings.append(warning("the repository doesn't have what is configured now: run mayfly trust renew"))
        }
        return warnings
    }
}
