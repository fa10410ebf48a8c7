import CertificateLog
import Certificates
import Fetching
import Keys
import Log
import LogStorage
import RecordLog
import Transparency
import Witnessing

/// One of the logs of a data directory as its configuration describes it, for commands that open copies of its database.
struct LogFiles {
    private enum Kind {
        case certificates(CertificateChain)
        case records
    }

    /// Where the log is kept.
    let store: LogStoreChoice
    /// What a copy's name has behind the name that was asked for.
    let copySuffix: String
    private let kind: Kind
    private let witnessed: WitnessedLog
    private let witnesses: WitnessPolicy?
    private let witnessedFile: String?
    private let directory: DataDirectory
    private let key: SigningKey

    private init(
        certificates settings: AuthoritySettings.EmbeddedLog,
        of ca: AuthoritySettings.CA,
        in directory: DataDirectory
    ) throws(AuthorityError) {
        key = try SigningKey.read(settings.key, passphrase: try Authority.passphrase(settings.passphraseFile))
        kind = .certificates(try CertificateChain.read(ca.chain))
        store = settings.store
        copySuffix = ""
        witnessed = WitnessedLog(origin: settings.origin, key: key.publicKey)
        witnesses = settings.witnesses
        witnessedFile = settings.witnessedCheckpoint(directory)
        self.directory = directory
    }

    private init(
        records settings: AuthoritySettings.RecordLog,
        in directory: DataDirectory
    ) throws(AuthorityError) {
        key = try SigningKey.read(settings.key, passphrase: try Authority.passphrase(settings.passphraseFile))
        kind = .records
        store = settings.store
        copySuffix = ".record-log"
        witnessed = WitnessedLog(origin: settings.origin, key: key.publicKey, form: .text)
        witnesses = nil
        witnessedFile = nil
        self.directory = directory
    }

    /// The logs of a directory that are SQLite databases; at least one. Throws what reading configuration and keys throws, and
    /// `.configuration` where there is none.
    static func all(_ directory: DataDirectory, files: ConfigurationFiles) throws(AuthorityError) -> [LogFiles] {
        let text = try ConfigurationText(directory, files: files)
        let places = try AuthoritySettings.places(text, directory: directory)
        var logs: [LogFiles] = []
        if case .embedded(let log) = places.log {
            logs.append(
                try LogFiles(certificates: try log.shard(at: WallClock.seconds()), of: places.ca, in: directory)
            )
        }
        if let log = try places.recordLog?.shard(at: WallClock.seconds()) {
            logs.append(try LogFiles(records: log, in: directory))
        }
        let copied = logs.filter { if case .sqlite = $0.store { true } else { false } }
        guard copied.isEmpty else { return copied }
        guard let log = logs.first else { throw .configuration(file: text.mainFile, .missing(path: "log", line: 1)) }
        _ = try log.store.file(of: text.mainFile)
        return []
    }

    /// Whether the database's log is this one, as far as can be told by its checkpoint.
    func isLog(of database: String) -> Bool {
        guard let store = try? SQLiteLogStore.openReadOnly(at: database) else { return false }
        defer { try? store.close() }
        return signedCheckpoint(in: store) != nil
    }

    /// The file with what the witnesses of this log have cosigned; nil for the record log, which has none.
    var witnessedCheckpoint: String? {
        witnessedFile
    }

    /// Opens a database after the checks of a start, lends its log's read side, and closes it.
    func withReader<Value: Sendable>(
        at path: String,
        _ body: (LogReader) async throws(LogError) -> Value
    ) async throws(AuthorityError) -> Value {
        let store: SQLiteLogStore
        do { store = try SQLiteLogStore.open(at: path) } catch { throw .storage(path: path, error) }
        defer { try? store.close() }
        let (reader, close) = try open(store)
        let result: Result<Value, LogError>
        do throws(LogError) { result = .success(try await body(reader)) } catch { result = .failure(error) }
        await close()
        do { return try result.get() } catch { throw failure(error) }
    }

    private func open(
        _ store: SQLiteLogStore
    ) throws(AuthorityError) -> (reader: LogReader, close: @Sendable () async -> Void) {
        let clock: @Sendable () -> EntryTimestamp = { EntryTimestamp(milliseconds: 0) }
        switch kind {
        case .certificates(let chain):
            do {
                let origin = witnessed.origin
                let log = try EmbeddedCertificateLog.open(store, key: key, origin: origin, chain: chain, clock: clock)
                return (log.reader, { await log.close() })
            } catch {
                throw .log(error)
            }
        case .records:
            do {
                let log = try RecordLog.open(store, key: key, origin: witnessed.origin, clock: clock)
                return (log.reader, { await log.close() })
            } catch {
                throw .record(error)
            }
        }
    }

    private func failure(_ error: LogError) -> AuthorityError {
        switch kind {
        case .certificates: .log(.log(error))
        case .records: .record(.log(error))
        }
    }

    /// The checkpoint in a database whose log may be damaged: what counts is that the log's key has signed it. Nil where
    /// none can be read. Throws `.storage` for a database that isn't damaged but can't be read now, or by this program.
    func signedCheckpoint(at path: String) throws(AuthorityError) -> [UInt8]? {
        let store: SQLiteLogStore
        do throws(LogStorageError) {
            store = try SQLiteLogStore.open(at: path)
        } catch {
            switch error {
            case .newerSchema, .unusable(_, .busy): throw .storage(path: path, error)
            default: return nil
            }
        }
        defer { try? store.close() }
        return signedCheckpoint(in: store)
    }

    private func signedCheckpoint(in store: SQLiteLogStore) -> [UInt8]? {
        guard let checkpoint = try? store.head()?.checkpoint, let note = try? SignedNote(encoded: checkpoint),
            (try? witnessed.verify(note)) != nil
        else { return nil }
        return checkpoint
    }

    /// Compares the log in a database with checkpoints and witnesses. Returns its size, and the largest size that
    /// anything else knew.
    func compare(
        _ database: String,
        with known: [(name: String, checkpoint: [UInt8])],
        everyWitnessMustAnswer: Bool
    ) async throws(AuthorityError) -> (size: TreeSize, newest: TreeSize?) {
        let fetcher = Fetcher()
        defer { fetcher.shutdown() }
        var problem: AuthorityError?
        let (size, newest) = try await withReader(at: database) { reader throws(LogError) in
            var newest: TreeSize?
            let size = try await reader.head().tree.size
            do throws(AuthorityError) {
                newest = try await compare(reader, known, fetcher, everyWitnessMustAnswer)
            } catch {
                problem = error
            }
            return (size, newest)
        }
        if let problem { throw problem }
        return (size, newest)
    }

    private func compare(
        _ reader: LogReader,
        _ known: [(name: String, checkpoint: [UInt8])],
        _ fetcher: Fetcher,
        _ everyWitnessMustAnswer: Bool
    ) async throws(AuthorityError) -> TreeSize? {
        var newest: TreeSize?
        let cosigning = try Authority.cosigning(
            witnesses,
            log: witnessed,
            reader: reader,
            file: witnessedFile ?? "",
            fetcher: fetcher,
            everyWitnessMustAnswer: everyWitnessMustAnswer
        )
        let comparison = LogComparison(
            witnessed,
            head: { () throws(LogError) in try await reader.head() },
            prove: { from, to throws(LogError) in try await reader.consistencyProof(from: from, to: to) }
        )
        do throws(CosigningError) {
            for (name, checkpoint) in known {
                let size = try await comparison.check(checkpoint, from: name).size
                newest = max(newest ?? size, size)
            }
            if let cosigning, try await cosigning.check() > 0 {
                // What a witness has cosigned by now is this very tree.
                do { newest = try await reader.head().tree.size } catch { throw CosigningError.log(error) }
            }
        } catch {
            throw .witness(error)
        }
        return newest
    }
}
