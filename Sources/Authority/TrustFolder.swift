import Files
import Glibc
import TrustRoot

/// The TUF repository as a folder: what a static web server could serve as it is.
struct TrustFolder {
    let path: String

    /// The repository; nil when there is none yet. Throws `.file` and `.trust`.
    func read() throws(AuthorityError) -> TrustRepository? {
        guard access("\(path)/root.json", F_OK) == 0 else { return nil }
        do {
            return try TrustRepository { name throws(TrustRootError) in
                do throws(FileFailure) {
                    return try WholeFile.read("\(path)/\(name)", bytesMax: TrustRepository.fileBytesMax)
                } catch {
                    throw .unreadable(file: "\(path)/\(name)", "\(error)")
                }
            }
        } catch {
            throw .trust(error)
        }
    }

    /// Runs a change alone, with the repository as it is then, and writes what has changed. Nil when there is none.
    /// Throws `.file` and `.trust`, and then clients see the repository as it was.
    func change<Value>(
        _ body: (inout TrustRepository) throws(AuthorityError) -> Value
    ) throws(AuthorityError) -> (repository: TrustRepository, value: Value)? {
        // The lock is on the folder, so it must be there first.
        guard access(path, F_OK) == 0 else { return nil }
        let lock = try DirectoryLock(path: path, waits: true)
        defer { withExtendedLifetime(lock) {} }
        guard let before = try read() else { return nil }
        var repository = before
        let value = try body(&repository)
        try write(repository, since: before)
        return (repository, value)
    }

    /// Writes the files of a repository that are new since another, what is named before what names it.
    func write(_ repository: TrustRepository, since before: TrustRepository?) throws(AuthorityError) {
        try FileSystem.createDirectory(path, isPrivate: false)
        try FileSystem.createDirectory("\(path)/targets", isPrivate: false)
        for (name, bytes) in repository.changes(since: before) {
            let file = "\(path)/\(name)"
            do { try WholeFile.replace(file, with: bytes) } catch { throw .file(path: file, .unwritable(error.code)) }
        }
        // A snapshot is needed for as long as a client may have read the timestamp that names it.
        for name in before?.files.keys ?? [:].keys
        where repository.files[name] == nil && name.hasSuffix(".snapshot.json") {
            unlink("\(path)/\(name)")
        }
    }

    /// What changes when anything in it does: the newest files are replaced by new ones.
    var mark: [UInt64] {
        ["root.json", "timestamp.json", "targets", "."].flatMap { name -> [UInt64] in
            var status = stat()
            guard stat("\(path)/\(name)", &status) == 0 else { return [0] }
            let time = status.st_mtim
            return [UInt64(status.st_ino), UInt64(bitPattern: Int64(time.tv_sec)), UInt64(time.tv_nsec)]
        }
    }
}
