import Glibc

/// Small files that are replaced whole: after a crash there is the old content or the new one.
public enum DurableFile {
    /// Why a file can't be read or written; the number is errno.
    public struct Failure: Error, Equatable, Sendable {
        /// errno.
        public let code: Int32

        /// Takes errno.
        public init(code: Int32) {
            self.code = code
        }
    }

    /// The file's bytes; nil when there is no such file. Throws also past `bytesMax`.
    public static func read(_ path: String, bytesMax: Int = 1 << 20) throws(Failure) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw Failure(code: errno)
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count == 0 { return bytes }
            guard count > 0 else { throw Failure(code: errno) }
            bytes.append(contentsOf: buffer.prefix(count))
            guard bytes.count <= bytesMax else { throw Failure(code: EFBIG) }
        }
    }

    /// Replaces the file, or makes it; returns when it is on the disk under its name. A private one can be read by its
    /// owner only.
    public static func replace(_ path: String, with bytes: [UInt8], isPrivate: Bool = false) throws(Failure) {
        // A name of its own: of several writers at once each has its file whole, and the last one stays.
        let draft = "\(path).\(getpid())-\(String(UInt64.random(in: 0...UInt64.max), radix: 16)).new"
        do throws(Failure) {
            try write(bytes, to: draft, mode: isPrivate ? 0o600 : 0o644)
            guard rename(draft, path) == 0 else { throw Failure(code: errno) }
        } catch {
            unlink(draft)
            throw error
        }
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw Failure(code: errno) }
        defer { close(directory) }
        guard fsync(directory) == 0 else { throw Failure(code: errno) }
    }

    private static func write(_ bytes: [UInt8], to path: String, mode: mode_t) throws(Failure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw Failure(code: errno) }
        defer { close(descriptor) }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { raw in
                Glibc.write(descriptor, raw.baseAddress?.advanced(by: written), raw.count - written)
            }
            guard count > 0 else { throw Failure(code: errno) }
            written += count
        }
        guard fsync(descriptor) == 0 else { throw Failure(code: errno) }
    }
}

extension DurableFile.Failure: CustomStringConvertible {
    /// The system's words.
    public var description: String { String(cString: strerror(code)) }
}
