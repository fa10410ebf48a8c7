import Glibc

/// Whole files, read and written with the system's own calls: small, and each failure has its errno.
enum FileSystem {
    /// No configuration, certificate or key is larger.
    static let bytesMax = 1 << 20

    /// The bytes of the file. Throws ``AuthorityError/file(path:_:)``.
    static func read(_ path: String) throws(AuthorityError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw .file(path: path, errno == ENOENT ? .missing : .unreadable(errno))
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count == 0 { return bytes }
            guard count > 0 else { throw .file(path: path, .unreadable(errno)) }
            bytes.append(contentsOf: buffer.prefix(count))
            guard bytes.count <= bytesMax else { throw .file(path: path, .tooLarge(bytesMax: bytesMax)) }
        }
    }

    /// The path as it is from anywhere: one in a configuration doesn't start where the command was typed.
    static func absolute(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// Writes a file that must not exist yet, readable for its owner only where `isPrivate`, and syncs it to disk.
    static func create(_ path: String, _ bytes: [UInt8], isPrivate: Bool) throws(AuthorityError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, isPrivate ? 0o600 : 0o644)
        guard descriptor >= 0 else { throw .file(path: path, .unwritable(errno)) }
        defer { close(descriptor) }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { raw in
                Glibc.write(descriptor, raw.baseAddress?.advanced(by: written), raw.count - written)
            }
            guard count > 0 else { throw .file(path: path, .unwritable(errno)) }
            written += count
        }
        guard fsync(descriptor) == 0 else { throw .file(path: path, .unwritable(errno)) }
    }

    /// Makes a directory for its owner only; one that is there already is fine.
    static func createDirectory(_ path: String) throws(AuthorityError) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw .file(path: path, .unwritable(errno)) }
    }

    /// Whether the directory has no entry, or isn't there.
    static func isEmptyDirectory(_ path: String) throws(AuthorityError) -> Bool {
        guard let directory = opendir(path) else {
            if errno == ENOENT { return true }
            throw .file(path: path, .unreadable(errno))
        }
        defer { closedir(directory) }
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { return false }
        }
        return true
    }

    /// The directory that the path's last part is in.
    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Syncs a directory, so that files created in it survive loss of power.
    static func syncDirectory(_ path: String) throws(AuthorityError) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .file(path: path, .unwritable(errno)) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .file(path: path, .unwritable(errno)) }
    }
}
