import Fetching
import Identity
import Synchronization

/// The configuration in force, and the rules for exchanging it while requests are served.
///
/// Exchanged are the issuers with all that belongs to them, and the algorithms of clients. What was opened at the start
/// — address, CA, log, limits — stays; changes of it are named to the operator.
final class Configuration: Sendable {
    private struct State {
        var active: ActiveSettings
        /// What was read last, whether or not it could be used; nil when it couldn't even be read.
        var tried: ConfigurationText?
        /// What is wrong with that.
        var problem: AuthorityError?
    }

    private let directory: DataDirectory
    private let files: ConfigurationFiles
    private let fetcher: Fetcher
    private let opened: AuthoritySettings
    private let state: Mutex<State>

    /// Puts the first configuration in force.
    init(
        _ settings: AuthoritySettings,
        text: ConfigurationText,
        directory: DataDirectory,
        files: ConfigurationFiles,
        fetcher: Fetcher
    ) {
        self.directory = directory
        self.files = files
        self.fetcher = fetcher
        opened = settings
        let active = ActiveSettings(settings, fetcher: fetcher, predecessor: nil)
        state = Mutex(State(active: active, tried: text))
    }

    /// What is in force now.
    var active: ActiveSettings { state.withLock { $0.active } }

    /// Whether the files, as they were last read, are what is in force.
    var isCurrent: Bool { state.withLock { $0.problem == nil } }

    /// Reads the files again and puts them in force. `onlyIfChanged` returns nil for files that have been tried, and for
    /// a problem that was thrown the last time. Throws what is wrong with them; then what was in force stays so.
    func reload(onlyIfChanged: Bool) throws(AuthorityError) -> Reload? {
        // One lock around all of it: two reloads at a time would race for the last word.
        let result: Result<Reload?, AuthorityError> = state.withLock { state in
            do throws(AuthorityError) {
                return .success(try reload(&state, onlyIfChanged: onlyIfChanged))
            } catch {
                if onlyIfChanged, error == state.problem { return .success(nil) }
                state.problem = error
                return .failure(error)
            }
        }
        return try result.get()
    }

    private func reload(_ state: inout State, onlyIfChanged: Bool) throws(AuthorityError) -> Reload? {
        let tried = state.tried
        state.tried = nil
        let text = try ConfigurationText(directory, files: files)
        state.tried = text
        if onlyIfChanged, text == tried { return nil }
        let settings = try AuthoritySettings(text, directory: directory)
        state.active = ActiveSettings(settings, fetcher: fetcher, predecessor: state.active)
        state.problem = nil
        return Reload(
            warnings: settings.identity.warnings,
            sectionsToRestartFor: settings.sectionsToRestartFor(after: opened)
        )
    }
}
