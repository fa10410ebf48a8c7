public import Certificates
public import Keys
import Log
import LogStorage
public import Monitoring
import Settings
public import Transparency

/// The log of a data directory, opened to be checked: without its private key, without the directory's lock, so that a
/// server may be at work on it.
public struct StoredLog: Sendable {
    /// The log's documents and records.
    public let source: any LogSource & RecordSource
    /// The key in `log/log.pub`.
    public let key: PublicKey
    /// The name in the configuration.
    public let origin: LogOrigin
    /// The CA certificates that the configuration names, of earlier years too.
    public let authorities: [Certificate]
    private let store: any DurableStore

    /// Closes the database; a last one to close it leaves one whole file, and none that belongs to whoever checked.
    public func close() {
        try? store.close()
    }

    /// Opens a directory's log. Blocks. Throws an error that names the file; `.configuration` where the configuration
    /// names another's log.
    public static func open(
        _ directory: DataDirectory,
        files: ConfigurationFiles = ConfigurationFiles()
    ) throws(AuthorityError) -> StoredLog {
        let settings = try OwnLogSettings(directory, files: files)
        let log = settings.log
        let key = try OfflineLog.publicKey(nil, of: directory)
        let authorities = try settings.ca.certificates() + log.formerAuthorities()
        let store = try log.store.open()
        let source = StoredLogSource(
            path: log.store.place,
            reader: LogReader(store: store),
            issuers: Dictionary(authorities.map { ($0.fingerprint, $0) }, uniquingKeysWith: { first, _ in first })
        )
        return StoredLog(
            source: source,
            key: key,
            origin: log.origin,
            authorities: authorities,
            store: store
        )
    }
}
