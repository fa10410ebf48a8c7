import Glibc

/// Whole files.
enum WholeFile {
    /// The bytes; nil when there is no such file. Throws `.file` and `.fault(.tooLarge)`.
    static func read(_ path: String, bytesMax: Int) throws(MonitoringError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw .file(path: path, code: errno)
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count == 0 { return bytes }
            guard count > 0 else { throw .file(path: path, code: errno) }
            bytes.append(contentsOf: buffer.prefix(count))
            guard bytes.count <= bytesMax else { throw .fault(.tooLarge(path: path, bytesMax: bytesMax)) }
        }
    }

    /// Writes a file so that after loss of power the old or the new one is there whole. Throws `.file`.
    static func replace(_ path: String, with bytes: [UInt8]) throws(MonitoringError) {
        let draft = path + ".new"
        try write(bytes, to: draft, flags: O_WRONLY | O_CREAT | O_TRUNC)
        guard rename(draft, path) == 0 else { throw .file(path: path, code: errno) }
        try syncFolder(of: path)
    }

    /// Writes a file that isn't there yet; one that is stays as it is. It gets its name when it is whole. Throws `.file`.
    static func keep(_ path: String, _ bytes: [UInt8]) throws(MonitoringError) {
        // What was kept needs no more space.
        guard access(path, F_OK) != 0 else { return }
        let draft = "\(path).\(UInt64.random(in: 0...UInt64.max)).new"
        defer { unlink(draft) }
        try write(bytes, to: draft, flags: O_WRONLY | O_CREAT | O_EXCL)
        guard link(draft, path) == 0 else {
            if errno == EEXIST { return }
            throw .file(path: path, code: errno)
        }
        try syncFolder(of: path)
    }

    private static func write(_ bytes: [UInt8], to path: String, flags: Int32) throws(MonitoringError) {
        let descriptor = open(path, flags | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .file(path: path, code: errno) }
        defer { close(descriptor) }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { raw in
                Glibc.write(descriptor, raw.baseAddress?.advanced(by: written), raw.count - written)
            }
            guard count > 0 else { throw .file(path: path, code: errno) }
            written += count
        }
        guard fsync(descriptor) == 0 else { throw .file(path: path, code: errno) }
    }

    private static func syncFolder(of path: String) throws(MonitoringError) {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .file(path: folder, code: errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .file(path: folder, code: errno) }
    }
}
