import Files
import Glibc
import Log
import LogStorage
public import Transparency

extension DataDirectory {
    /// Copies the log's database to a new file, also while a server writes it, and checks the copy as a start would.
    /// Returns how many entries it has. Throws what reading the configuration throws, `.storage` and `.log`.
    public func backUp(to target: String, files: ConfigurationFiles) async throws(AuthorityError) -> TreeSize {
        let log = try LogFiles(self, files: files)
        let database = try log.settings.store.file(of: files.main ?? configuration)
        let draft = target + ".new"
        unlink(draft)
        do throws(LogStorageError) {
            guard access(target, F_OK) != 0 else { throw .exists(path: target) }
            try SQLiteLogStore.copy(from: database, to: draft)
        } catch {
            throw .storage(path: target, error)
        }
        defer { for ending in ["", "-wal", "-shm"] { unlink(draft + ending) } }
        let size = try await log.withLog(at: draft) { log throws(LogError) in try await log.reader.head().tree.size }
        do { try SQLiteLogStore.seal(at: draft) } catch { throw .storage(path: target, error) }
        guard rename(draft, target) == 0 else { throw .file(path: target, .unwritable(errno)) }
        try FileSystem.syncDirectory(WholeFile.folder(of: target))
        return size
    }

    /// Puts a copy of the log's database in place, if no checkpoint that can be found knows of more: the one in the
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
        let log = try LogFiles(self, files: files)
        let database = try log.settings.store.file(of: files.main ?? configuration)
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
        if access(witnessedCheckpoint, F_OK) == 0 {
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
