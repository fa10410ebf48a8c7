public import Certificates
public import Keys
public import Log
import LogStorage
public import Records
public import Transparency

/// The log and the records of a data directory, to be read without the server and beside it: without its lock, its
/// private keys and the network.
public struct OfflineLog: Sendable {
    /// The log in the directory.
    public struct Embedded: Sendable {
        /// Its entries, tiles and head.
        public let reader: LogReader
        /// Its name.
        public let origin: LogOrigin
        /// The CA certificates that its entries may refer to, by fingerprint.
        public let issuers: [SHA256Digest: Certificate]
    }

    /// The directory's own log; nil when another's is configured.
    public let embedded: Embedded?
    /// The file with the log's public key.
    public let publicKeyFile: String
    private let store: any DurableStore

    /// Opens a directory's log. `configuration` is a file in place of its `mayfly.yaml`. Throws `.file`,
    /// `.configuration`, `.chain` and `.storage`.
    /// `shard` is the number, from 1, of one that takes entries no more, or not yet.
    public init(
        _ directory: DataDirectory,
        configuration: String? = nil,
        shard: Int? = nil
    ) throws(AuthorityError) {
        let text = try ConfigurationText(directory, files: ConfigurationFiles(main: configuration))
        let places = try AuthoritySettings.places(text, directory: directory)
        switch places.log {
        case .embedded(let first):
            let log = try first.shard(shard, at: WallClock.seconds())
            publicKeyFile = Generation.publicKeyFile(beside: log.key)
            store = try log.store.openReadOnly()
            let authorities = try places.ca.certificates() + log.formerAuthorities()
            let issuers = Dictionary(authorities.map { ($0.fingerprint, $0) }, uniquingKeysWith: { first, _ in first })
            embedded = Embedded(reader: LogReader(store: store), origin: log.origin, issuers: issuers)
        case .remote:
            publicKeyFile = directory.logPublicKey
            store = try LogStoreChoice.openReadOnly(places.records.database)
            embedded = nil
        }
    }

    /// The log's public key: of `file`, or else the one beside the log. Throws `.file` and `.key`.
    public static func publicKey(_ file: String?, of directory: DataDirectory) throws(AuthorityError) -> PublicKey {
        let path = file ?? directory.logPublicKey
        let pem = try FileSystem.read(path)
        do { return try PublicKey(pem: pem) } catch { throw .key(path: path, error) }
    }

    /// A page of the records that meet a query's conditions, see ``Log/RecordStore``. Blocks.
    public func records(
        matching query: RecordQuery,
        before number: UInt64?,
        count: Int
    ) throws(LogStoreError) -> [StoredRecord] {
        try store.records(matching: query, before: number, count: count)
    }

    /// What was decided about an entry; nil when the entry is missing or came without. Blocks.
    public func record(of index: LeafIndex) throws(LogStoreError) -> IssuanceRecord? {
        try store.record(of: index)
    }
}
