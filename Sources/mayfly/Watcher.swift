import Audit
import Authority
import Certificates
import Fetching
import Glibc
import Monitoring
import Settings

/// A watch as the configuration describes it: its files read, its channels open.
struct Watcher: Sendable {
    let watch: LogWatch
    let interval: Duration
    private let stored: StoredLog?

    /// Lets go of the records.
    func close() {
        stored?.close()
    }

    init(configuration file: String, fetcher: Fetcher) throws(LogCheckFailure) {
        let text = String(decoding: try ClientFiles.bytes(file), as: UTF8.self)
        let folder = file.lastIndex(of: "/").map { String(file[...$0]) } ?? ""
        let settings: WatchSettings
        do {
            settings = try WatchSettings(text, resolve: { $0.hasPrefix("/") ? $0 : folder + $0 })
        } catch {
            throw .file("couldn't use the configuration \(file): \(error)")
        }
        let key = try ClientFiles.publicKey(settings.key)
        var channels: [any AlertChannel] = []
        for channel in settings.channels { channels.append(try Self.open(channel, fetcher)) }
        let source = try LogPlace.open(settings.log, tlsCA: settings.authorities, fetcher: fetcher)
        let pinned = try settings.roots.map { file throws(LogCheckFailure) in
            try ClientFiles.chain(file).certificates
        }
        let state: StateFile
        do { state = try StateFile(path: settings.state, key: key, origin: settings.origin) } catch {
            throw .monitoring(error)
        }
        // Last, for what is opened here is to be closed.
        do {
            stored = try settings.records.map { directory throws(AuthorityError) in
                try StoredLog.open(DataDirectory(path: directory))
            }
        } catch {
            throw .authority(error)
        }
        let monitor = LogMonitor(
            source: source,
            key: key,
            pinned: pinned,
            records: stored?.source,
            workers: Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        )
        interval = settings.interval
        watch = LogWatch(
            monitor: monitor,
            origin: settings.origin,
            rules: settings.rules,
            state: state,
            channels: channels,
            now: SystemClock.now
        )
    }

    private static func open(
        _ channel: WatchSettings.Channel,
        _ fetcher: Fetcher
    ) throws(LogCheckFailure) -> any AlertChannel {
        switch channel {
        case .sink(let settings):
            do { return SinkChannel(try AuditSink.open(settings)) } catch { throw .file("\(error)") }
        case .webhook(let url, let tokenFile, let authorities):
            var policy = FetchPolicy(allowsHTTP: url.hasPrefix("http://"))
            if let authorities { policy.authorities = .only(pem: try ClientFiles.bytes(authorities)) }
            let token = try tokenFile.map { file throws(LogCheckFailure) in
                String(decoding: try ClientFiles.bytes(file), as: UTF8.self).filter { !$0.isWhitespace }
            }
            return WebhookChannel(url: url, token: token, fetcher: fetcher, policy: policy)
        case .command(let program, let arguments):
            return CommandChannel(program: program, arguments: arguments)
        }
    }
}
