import Settings
public import Transparency
import TrustRoot

extension AuthoritySettings {
    /// Where the record log's parts are.
    public struct RecordLog: Sendable, Equatable {
        /// The key's file.
        public let key: String
        /// The file with the key's passphrase, where it has one.
        public let passphraseFile: String?
        /// The log's name in its checkpoints.
        public let origin: LogOrigin
        /// Where it is kept.
        public let store: LogStoreChoice
    }
}

extension AuthoritySettings.RecordLog {
    init(_ node: SettingsNode, _ directory: DataDirectory) throws(SettingsError) {
        let section = try node.object(known: ["key", "passphrase-file", "origin", "store", "database", "dsn-file"])
        key = directory.resolve(try section.required("key").string())
        passphraseFile = try section.string("passphrase-file").map(directory.resolve)
        origin = try LogOrigin(section.required("origin"))
        store = try LogStoreChoice(section, directory, database: directory.recordLogDatabase, isRecordLog: true)
    }
}

extension AuthoritySettings.RecordLog {
    /// What clients are to trust of it. A log's name for clients is a URL whose host is the origin, for that is how they
    /// know which checkpoints are its own: of the services' URL, where that has this host. Throws `.file`, `.key`, `.trust`.
    func trusted(
        url: ServiceURL,
        startSeconds: Int64,
        at seconds: Int64
    ) throws(AuthorityError) -> [TrustedLog] {
        var logs: [TrustedLog] = []
        for generation in try generations(startSeconds: startSeconds).published(at: seconds) {
            let host = generation.origin ?? origin.name
            let place: ServiceURL
            do throws(TrustRootError) {
                let isAddress = host.contains(":")
                place = host == url.host ? url : try ServiceURL("\(url.scheme)://\(isAddress ? "[\(host)]" : host)")
            } catch {
                throw .trust(error)
            }
            logs.append(
                TrustedLog(
                    url: place,
                    key: try generation.readPublicKey(passphraseFile: passphraseFile),
                    window: ValidityWindow(startSeconds: generation.startSeconds, endSeconds: generation.endSeconds)
                )
            )
        }
        return logs
    }
}

extension LogOrigin {
    init(_ node: SettingsNode) throws(SettingsError) {
        do { self = try LogOrigin(try node.string()) } catch let error as SettingsError { throw error } catch {
            throw node.invalid("must be a name without spaces, plus signs and control characters")
        }
    }
}

extension LogStoreChoice {
    /// Reads the keys of a log's section that say where it is; `database` is the file unless one is named.
    init(
        _ section: SettingsObject,
        _ directory: DataDirectory,
        database: String,
        isRecordLog: Bool = false
    ) throws(SettingsError) {
        switch try section.string("store") ?? "sqlite" {
        case "sqlite":
            if let node = section["dsn-file"] { throw node.invalid("belongs to `store: postgres`") }
            self = .sqlite(database: try section.string("database").map(directory.resolve) ?? database)
        case "postgres":
            if let node = section["database"] { throw node.invalid("belongs to `store: sqlite`") }
            let file = directory.resolve(try section.required("dsn-file").string())
            self = .postgres(dataSourceFile: file, isRecordLog: isRecordLog)
        default:
            throw try section.required("store").invalid("must be one of sqlite, postgres")
        }
    }
}
