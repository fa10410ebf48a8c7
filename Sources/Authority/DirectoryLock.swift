import Glibc

/// Keeps a second process off a data directory. The lock is on the directory itself, so taking it writes nothing, and
/// the system drops it when the process ends, however it ends.
final class DirectoryLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock, or waits for whoever holds it for a moment. Throws `.directoryInUse` or `.file`.
    init(path: String, waits: Bool = false) throws(AuthorityError) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw .file(path: path, errno == ENOENT ? .missing : .unreadable(errno))
        }
        guard flock(descriptor, waits ? LOCK_EX : LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw .directoryInUse(path: path)
        }
        self.descriptor = descriptor
    }

    /// Lets another one have the directory before the last reference to this lock goes.
    func release() {
        flock(descriptor, LOCK_UN)
    }

    deinit {
        close(descriptor)
    }
}
