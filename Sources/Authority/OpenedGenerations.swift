import Keys

/// The generations that a server was opened with. A server signs with the ones that it has opened; when another one's time
/// has come, or a command has added one, it is opened anew.
public struct OpenedGenerations: Sendable {
    private let settings: AuthoritySettings
    private let sections: [Section]

    private struct Section: Equatable {
        let name: String
        let generations: Generations
        let number: Int
    }

    init(_ settings: AuthoritySettings, at seconds: Int64) throws(AuthorityError) {
        self.settings = settings
        sections = try Self.sections(settings, at: seconds)
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

    /// The sections whose keys are others at a moment than when this was opened, after checking that they could be opened.
    /// Throws what is wrong with them; then it is better to go on with the old ones.
    public func changedSections(at seconds: Int64) throws(AuthorityError) -> [String] {
        let now = try Self.sections(settings, at: seconds)
        guard now != sections else { return [] }
        _ = try settings.ca.signer(at: seconds)
        _ = try Authority.openTimestamping(settings.timestamping, seconds: seconds)
        var keys: [(file: String, passphraseFile: String?)] = []
        if case .embedded(let log) = settings.log {
            keys.append((try log.shard(at: seconds).key, log.passphraseFile))
        }
        if let log = settings.recordLog { keys.append((try log.shard(at: seconds).key, log.passphraseFile)) }
        for key in keys { _ = try SigningKey.read(key.file, passphrase: try Authority.passphrase(key.passphraseFile)) }
        return zip(now, sections).filter { $0 != $1 }.map(\.0.name)
    }
}
