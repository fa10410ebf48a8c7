import Files
import Glibc
import Log
import LogStorage
public import Transparency

extension DataDirectory {
    /// Copies the databases of the logs to new files, also while a server writes them, and checks each copy as a start would:
    /// `target` is of the certificate log, and a second file beside it of the record log. Returns the files, each with how many
    /// entries it has. Throws what reading the configuration throws, `.storage`, `.log` and `.record`.
    public func backUp(
        to target: String,
        files: ConfigurationFiles
    ) async throws(AuthorityError) -> [(file: String, size: TreeSize)] {
        let logs = try LogFiles.all(self, files: files)
        for log in logs where access(target + log.copySuffix, F_OK) == 0 {
            throw .storage(path: target + log.copySuffix, .exists(path: target + log.copySuffix))
        }
        var copies: [(file: String, size: TreeSize)] = []
        // The record log first: what it refers to is in the certificate log by then.
        for log in logs.reversed() {
            let file = target + log.copySuffix
            copies.insert((file, try await copy(log, to: file, files: files)), at: 0)
        }
        return copies
    }

    private func copy(
        _ log: LogFiles,
        to target: String,
        files: ConfigurationFiles
    ) async throws(AuthorityError) -> TreeSize {
        let database = try log.store.file(of: files.main ?? configuration)
        let draft = target + ".new"
        unlink(draft)
        do { try SQLiteLogStore.copy(from: database, to: draft) } catch { throw .storage(path: target, error) }
        defer { for ending in ["", "-wal", "-shm"] { unlink(draft + ending) } }
        let size = try await log.withReader(at: draft) { reader throws(LogError) in try await reader.head().tree.size }
        do { try SQLiteLogStore.seal(at: draft) } catch { throw .storage(path: target, error) }
        guard rename(draft, target) == 0 else { throw .file(path: target, .unwritable(errno)) }
        try FileSystem.syncDirectory(WholeFile.folder(of: target))
        return size
    }

    /// Puts a copy of a log's database in place, of the certificate log unless its checkpoint is the record log's, if no checkpoint that can be found knows of more: the one in the
    /// database that is there, `log/witnessed.checkpoint`, the files `checkpoints`, and what the configured witnesses
    /// say. The database that was there is kept under another name. Nothing is changed when it throws.
    ///
    /// Throws `.incomparable` when there is nothing to compare with, unless `isUncheckedAllowed`; `.witness` when the
    /// copy is older than a checkpoint, or of another log; `.directoryInUse`.
    public func restore(
        from source: String,
        checkpoints: [String],
        files: ConfigurationFiles,
        isUncheckedAllowed: Bool
    ) async throws(AuthorityError) -> RestoredLog {
        let lock = try DirectoryLock(path: path)
        defer { withExtendedLifetime(lock) {} }
        let logs = try LogFiles.all(self, files: files)
        guard let log = logs.first(where: { $0.isLog(of: source) }) ?? logs.first else {
            throw .incomparable(path: source)
        }
        let database = try log.store.file(of: files.main ?? configuration)
        let draft = database + ".restoring"
        func discard() { for ending in ["", "-wal", "-shm"] { unlink(draft + ending) } }
        discard()
        defer { discard() }
        do { try SQLiteLogStore.copy(from: source, to: draft) } catch { throw .storage(path: source, error) }
        var known: [(name: String, checkpoint: [UInt8])] = []
        if access(database, F_OK) == 0 {
            // Also of a damaged one, which is what a restoration is for: the log has signed it.
            if let old = try log.signedCheckpoint(at: database) { known.append((database, old)) }
        }
        if let witnessedCheckpoint = log.witnessedCheckpoint, access(witnessedCheckpoint, F_OK) == 0 {
            known.append((witnessedCheckpoint, try FileSystem.read(witnessedCheckpoint)))
        }
        for file in checkpoints { known.append((file, try FileSystem.read(file))) }
        let (size, newest) = try await log.compare(
            draft,
            with: known,
            everyWitnessMustAnswer: !isUncheckedAllowed
        )
        guard newest != nil || isUncheckedAllowed else { throw .incomparable(path: source) }
        // Opening it may have begun a write-ahead log, which has another name than the database will have.
        do { try SQLiteLogStore.seal(at: draft) } catch { throw .storage(path: draft, error) }
        return RestoredLog(
            size: size,
            newestKnown: newest,
            replaced: try replace(database, with: draft)
        )
    }

    /// The old database goes out of the way with its write-ahead log, which would be taken for the new one's.
    private func replace(_ database: String, with draft: String) throws(AuthorityError) -> String? {
        func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
        // The database first: what is left when this is interrupted is no database, never an older state of one.
        let endings = ["", "-wal", "-shm"]
        let present = endings.filter { exists(database + $0) }
        var number = 1
        while endings.contains(where: { exists("\(database).replaced-\(number)\($0)") }) { number += 1 }
        let kept = "\(database).replaced-\(number)"
        for ending in present {
            guard rename(database + ending, kept + ending) == 0 else {
                throw .file(path: database + ending, .unwritable(errno))
            }
        }
        guard rename(draft, database) == 0 else { throw .file(path: database, .unwritable(errno)) }
        try FileSystem.syncDirectory(WholeFile.folder(of: database))
        return present.isEmpty ? nil : kept
    }
}
