import CertificateLog
import Certificates
import Fetching
import Keys
import Log
import LogStorage
import Transparency
import Witnessing

/// The log of a data directory as its configuration describes it, for commands that open copies of its database.
struct LogFiles {
    let settings: AuthoritySettings.EmbeddedLog
    private let directory: DataDirectory
    private let key: SigningKey
    private let chain: CertificateChain

    init(_ directory: DataDirectory, files: ConfigurationFiles) throws(AuthorityError) {
        let own = try OwnLogSettings(directory, files: files)
        settings = own.log
        self.directory = directory
        key = try SigningKey.read(settings.key, passphrase: try Authority.passphrase(settings.passphraseFile))
        chain = try CertificateChain.read(own.ca.chain)
    }

    /// Opens a database after the checks of a start, lends its log, and closes it.
    func withLog<Value: Sendable>(
        at path: String,
        _ body: (EmbeddedCertificateLog) async throws(LogError) -> Value
    ) async throws(AuthorityError) -> Value {
        let store: SQLiteLogStore
        do { store = try SQLiteLogStore.open(at: path) } catch { throw .storage(path: path, error) }
        defer { try? store.close() }
        let log: EmbeddedCertificateLog
        do {
            log = try EmbeddedCertificateLog.open(
                store,
                key: key,
                origin: settings.origin,
                chain: chain,
                clock: { EntryTimestamp(milliseconds: 0) }
            )
        } catch {
            throw .log(error)
        }
        let result: Result<Value, LogError>
        do throws(LogError) { result = .success(try await body(log)) } catch { result = .failure(error) }
        await log.close()
        do { return try result.get() } catch { throw .log(.log(error)) }
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
        guard let checkpoint = try? store.head()?.checkpoint, let note = try? SignedNote(encoded: checkpoint),
            (try? WitnessedLog(origin: settings.origin, key: key.publicKey).verify(note)) != nil
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
        let witnessed = WitnessedLog(origin: settings.origin, key: key.publicKey)
        var problem: AuthorityError?
        let (size, newest) = try await withLog(at: database) { log throws(LogError) in
            var newest: TreeSize?
            let size = try await log.reader.head().tree.size
            do throws(AuthorityError) {
                newest = try await compare(log.reader, witnessed, known, fetcher, everyWitnessMustAnswer)
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
        _ witnessed: WitnessedLog,
        _ known: [(name: String, checkpoint: [UInt8])],
        _ fetcher: Fetcher,
        _ everyWitnessMustAnswer: Bool
    ) async throws(AuthorityError) -> TreeSize? {
        var newest: TreeSize?
        let cosigning = try Authority.cosigning(
            settings.witnesses,
            log: witnessed,
            reader: reader,
            directory: directory,
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
