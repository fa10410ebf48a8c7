import Glibc
import Keys
import Synchronization
import TrustRoot

/// The generations that a server was opened with. A server signs with the ones that it has opened; when another one's time
/// has come, or a command has added one, it is opened anew.
public final class OpenedGenerations: Sendable {
    private let settings: AuthoritySettings
    private let directory: DataDirectory
    private let files: ConfigurationFiles
    private let sections: [Section]
    private let problem = Mutex<AuthorityError?>(nil)

    private struct Section: Equatable {
        let name: String
        let generations: Generations
        let number: Int
    }

    init(
        _ settings: AuthoritySettings,
        directory: DataDirectory,
        files: ConfigurationFiles,
        at seconds: Int64
    ) throws(AuthorityError) {
        self.settings = settings
        self.directory = directory
        self.files = files
        sections = try Self.sections(settings, at: seconds)
    }

    /// Whether other keys are due and couldn't be used when they were last tried.
    var isHeldUp: Bool { problem.withLock { $0 != nil } }

    /// The change that is due at a moment, nil when none is, after trying the whole configuration as it is now: keys, chains,
    /// places of databases, audit sink. Throws what is wrong with them; then it is better to go on with the old ones.
    public func change(at seconds: Int64) throws(AuthorityError) -> KeyChange? {
        do throws(AuthorityError) {
            let change = try tried(at: seconds)
            problem.withLock { $0 = nil }
            return change
        } catch {
            problem.withLock { $0 = error }
            throw error
        }
    }

    private func tried(at seconds: Int64) throws(AuthorityError) -> KeyChange? {
        let now = try Self.sections(settings, at: seconds)
        guard now != sections else { return nil }
        let text = try ConfigurationText(directory, files: files)
        try Self.check(try AuthoritySettings(text, directory: directory), at: seconds)
        return KeyChange(sections: zip(now, sections).filter { $0 != $1 }.map(\.0.name), configuration: text)
    }

    private static func sections(
        _ settings: AuthoritySettings,
        at seconds: Int64
    ) throws(AuthorityError) -> [Section] {
        var all = [(AuthoritySettings.CA.name, try settings.ca.generations())]
        if case .embedded(let log) = settings.log { all.append(("log", try log.generations())) }
        if let log = settings.recordLog { all.append(("record-log", try log.generations())) }
        if let timestamping = settings.timestamping {
            all.append((AuthoritySettings.Timestamping.name, try timestamping.generations()))
        }
        return all.map { name, generations in
            Section(name: name, generations: generations, number: generations.signing(at: seconds).number)
        }
    }

    /// What can be tried while another server has the databases.
    private static func check(_ settings: AuthoritySettings, at seconds: Int64) throws(AuthorityError) {
        _ = try TrustDocuments(settings, at: seconds)
        if let trust = settings.trust {
            _ = try DataDirectory.onlineKey(trust, try Authority.passphrase(trust.passphraseFile))
        }
        _ = try settings.ca.signer(at: seconds)
        _ = try Authority.openTimestamping(settings.timestamping, seconds: seconds)
        if case .embedded(let first) = settings.log {
            let log = try first.shard(at: seconds)
            try check(key: log.key, log.passphraseFile, log.store)
        }
        if let first = settings.recordLog {
            let log = try first.shard(at: seconds)
            try check(key: log.key, log.passphraseFile, log.store)
        }
        _ = try settings.audit.map { audit throws(AuthorityError) in try Authority.sink(audit) }
    }

    private static func check(
        key: String,
        _ passphraseFile: String?,
        _ store: LogStoreChoice
    ) throws(AuthorityError) {
        _ = try SigningKey.read(key, passphrase: try Authority.passphrase(passphraseFile))
        guard access(store.place, R_OK) == 0 else {
            throw .file(path: store.place, errno == ENOENT ? .missing : .unreadable(errno))
        }
    }
}
