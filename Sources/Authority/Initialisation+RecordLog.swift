import Keys
import LogStorage
import RecordLog
import Transparency

extension DataDirectory {
    /// What a new record log needs before the first file is written.
    struct NewRecordLog {
        let origin: LogOrigin
        let key: SigningKey
        /// In PostgreSQL, found to be without a log; nil for SQLite.
        let sharedStore: (any DurableStore)?

        /// Throws `.key`, `.file` and `.storage`.
        init(_ wanted: Initialisation, keyFile: String) throws(AuthorityError) {
            do { origin = try LogOrigin(wanted.baseURL.host) } catch { throw .record(.transparency(error)) }
            do { key = try SigningKey.generate(.p256) } catch { throw .key(path: keyFile, error) }
            sharedStore = try wanted.dataSourceFile.map { file throws(AuthorityError) in
                try LogStoreChoice.postgres(dataSourceFile: file, isRecordLog: true).create()
            }
        }
    }

    /// Writes the keys, and the log with its first entry.
    func create(
        _ new: NewRecordLog,
        passphrase: Passphrase?,
        now: @escaping @Sendable () -> EntryTimestamp
    ) async throws(AuthorityError) {
        try FileSystem.createDirectory(resolve("record-log"))
        try write(new.key, to: recordLogKey, passphrase)
        try FileSystem.create(recordLogPublicKey, Array(new.key.publicKey.pem.utf8), isPrivate: false)
        try FileSystem.syncDirectory(resolve("record-log"))
        let store: any DurableStore =
            if let shared = new.sharedStore { shared } else {
                try LogStoreChoice.sqlite(database: recordLogDatabase).create()
            }
        do throws(RecordLogError) {
            try await RecordLog.create(in: store, key: new.key, origin: new.origin, clock: now).close()
        } catch {
            throw .record(error)
        }
        try? store.close()
    }
}
