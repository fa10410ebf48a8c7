import Fetching
import Identity
import Synchronization
import Transparency
import TrustRoot

/// The configuration in force, and the rules for exchanging it while requests are served.
///
/// Exchanged are the issuers with all that belongs to them, the algorithms of clients, and how subjects are recorded.
/// What was opened at the start — address, CA, log, limits, audit sink — stays; changes of it are named to the operator.
final class Configuration: Sendable {
    private struct State {
        var active: ActiveSettings
        /// What it was read from.
        var text: ConfigurationText
        /// What is wrong with the files as they are now.
        var problem: AuthorityError?
    }

    private let directory: DataDirectory
    private let files: ConfigurationFiles
    private let fetcher: Fetcher
    private let clock: @Sendable () -> EntryTimestamp
    private let opened: AuthoritySettings
    private let state: Mutex<State>
    private let reloading = Mutex(())

    /// Puts the first configuration in force.
    init(
        _ settings: AuthoritySettings,
        text: ConfigurationText,
        directory: DataDirectory,
        files: ConfigurationFiles,
        documents: TrustDocuments,
        fetcher: Fetcher,
        clock: @escaping @Sendable () -> EntryTimestamp
    ) {
        self.directory = directory
        self.files = files
        self.fetcher = fetcher
        self.clock = clock
        opened = settings
        let active = ActiveSettings(settings, documents: documents, fetcher: fetcher, predecessor: nil)
        state = Mutex(State(active: active, text: text))
    }

    /// What is in force now.
    var active: ActiveSettings { state.withLock { $0.active } }

    /// Whether the files, as they were last read, are what is in force.
    var isCurrent: Bool { state.withLock { $0.problem == nil } }

    /// Reads the files again and puts them in force. `onlyIfChanged` returns nil for files that are in force, and for a
    /// problem that was thrown the last time: files that it names may have come. Throws what is wrong; then what was in
    /// force stays so.
    func reload(onlyIfChanged: Bool) throws(AuthorityError) -> Reload? {
        // One at a time, or two would race for the last word; and beside those who need what is in force, since files may
        // be slow to read.
        let result: Result<Reload?, AuthorityError> = reloading.withLock { _ in
            let before = state.withLock { $0 }
            do throws(AuthorityError) {
                return .success(try reload(after: before, onlyIfChanged: onlyIfChanged))
            } catch {
                state.withLock { $0.problem = error }
                return onlyIfChanged && error == before.problem ? .success(nil) : .failure(error)
            }
        }
        return try result.get()
    }

    private func reload(after before: State, onlyIfChanged: Bool) throws(AuthorityError) -> Reload? {
        let text = try ConfigurationText(directory, files: files)
        if onlyIfChanged, text == before.text, before.problem == nil { return nil }
        let settings = try AuthoritySettings(text, directory: directory)
        let documents = try TrustDocuments(settings, at: clock().seconds)
        let active = ActiveSettings(
            settings,
            documents: documents,
            fetcher: fetcher,
            predecessor: before.active
        )
        state.withLock { $0 = State(active: active, text: text) }
        return Reload(
            warnings: settings.identity.warnings,
            sectionsToRestartFor: settings.sectionsToRestartFor(after: opened)
        )
    }
}
