public import Keys
import LogStorage
import RecordLog
public import Transparency

extension DataDirectory {
    /// Recomputes the whole record log that the directory writes now, without its private key and beside a server. `key` is in place of
    /// `record-log/log.pub`. Returns how many entries it has. Blocks. Throws `.record` with what is damaged, and what reading
    /// the configuration, the key and the store throws.
    public func verifyRecordLog(
        key: PublicKey? = nil,
        files: ConfigurationFiles = ConfigurationFiles()
    ) throws(AuthorityError) -> TreeSize {
        let text = try ConfigurationText(self, files: files)
        guard
            let settings = try AuthoritySettings.places(text, directory: self).recordLog?
                .shard(at: WallClock.seconds())
        else {
            throw .configuration(file: text.mainFile, .missing(path: "record-log", line: 1))
        }
        let known: PublicKey
        if let key { known = key } else { known = try PublicKey.read(Generation.publicKeyFile(beside: settings.key)) }
        let store = try settings.store.openReadOnly()
        defer { try? store.close() }
        do { return try RecordLog.audit(store, key: known, origin: settings.origin) } catch { throw .record(error) }
    }
}
