import Glibc

/// Small files that are read and written whole, with the system's own calls: each failure has its errno.
public enum WholeFile {
    /// The file's bytes; nil when there is no such file. Throws also past `bytesMax`.
    public static func read(_ path: String, bytesMax: Int = 1 << 20) throws(FileFailure) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw FileFailure(code: errno)
        }
        defer { close(descriptor) }
        return try read(descriptor, bytesMax: bytesMax)
    }

    /// The bytes up to the end of an open file or a pipe. Throws also past `bytesMax`.
    public static func read(_ descriptor: Int32, bytesMax: Int) throws(FileFailure) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count == 0 { return bytes }
            guard count > 0 else { throw FileFailure(code: errno) }
            bytes.append(contentsOf: buffer.prefix(count))
            guard bytes.count <= bytesMax else { throw FileFailure(code: EFBIG) }
        }
    }

    /// Makes a file that must not exist yet, on the disk when this returns; its name is, once the folder is synced. A
    /// private one can be read by its owner only.
    public static func create(_ path: String, _ bytes: [UInt8], isPrivate: Bool) throws(FileFailure) {
        try write(bytes, to: path, flags: O_CREAT | O_EXCL, mode: isPrivate ? 0o600 : 0o644)
    }

    /// Writes a file anew, on the disk when this returns. It is not whole meanwhile: for drafts.
    public static func overwrite(_ path: String, _ bytes: [UInt8]) throws(FileFailure) {
        try write(bytes, to: path, flags: O_CREAT | O_TRUNC, mode: 0o644)
    }

    /// Replaces the file, or makes it; returns when it is on the disk under its name. After a crash there is the old
    /// content or the new one. Of several writers at once the last one's stays.
    public static func replace(_ path: String, with bytes: [UInt8], isPrivate: Bool = false) throws(FileFailure) {
        let draft = draft(of: path)
        do throws(FileFailure) {
            try create(draft, bytes, isPrivate: isPrivate)
            guard rename(draft, path) == 0 else { throw FileFailure(code: errno) }
        } catch {
            unlink(draft)
            throw error
        }
        try syncFolder(folder(of: path))
    }

    /// Makes a file, for its owner only, unless it is there; one that is stays as it is. It gets its name when it is whole.
    public static func keep(_ path: String, _ bytes: [UInt8]) throws(FileFailure) {
        // What was kept needs no more space.
        guard access(path, F_OK) != 0 else { return }
        let draft = draft(of: path)
        defer { unlink(draft) }
        try create(draft, bytes, isPrivate: true)
        guard link(draft, path) == 0 else {
            if errno == EEXIST { return }
            throw FileFailure(code: errno)
        }
        try syncFolder(folder(of: path))
    }

    /// Writes all bytes to an open file.
    public static func write(_ bytes: [UInt8], to descriptor: Int32) throws(FileFailure) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { raw in
                Glibc.write(descriptor, raw.baseAddress?.advanced(by: written), raw.count - written)
            }
            guard count > 0 else { throw FileFailure(code: errno) }
            written += count
        }
    }

    /// The folder that the path's last part is in.
    public static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Syncs a folder, so that names given in it survive loss of power.
    public static func syncFolder(_ path: String) throws(FileFailure) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileFailure(code: errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw FileFailure(code: errno) }
    }

    /// A name of its own beside the file: of several writers at once each has its file whole.
    private static func draft(of path: String) -> String {
        "\(folder(of: path))/.\(getpid())-\(String(UInt64.random(in: 0...UInt64.max), radix: 16)).new"
    }

    private static func write(
        _ bytes: [UInt8],
        to path: String,
        flags: Int32,
        mode: mode_t
    ) throws(FileFailure) {
        let descriptor = open(path, O_WRONLY | O_CLOEXEC | flags, mode)
        guard descriptor >= 0 else { throw FileFailure(code: errno) }
        defer { close(descriptor) }
        try write(bytes, to: descriptor)
        guard fsync(descriptor) == 0 else { throw FileFailure(code: errno) }
    }
}
