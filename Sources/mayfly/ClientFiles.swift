import Glibc

/// The client's files and environment.
enum ClientFiles {
    /// The bytes of a file, or of standard input for `-`.
    static func read(_ path: String) throws(RequestFailure) -> [UInt8] {
        let descriptor = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .file("couldn't read \(path): \(reason())") }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        while bytes.count <= 1 << 22 {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count == 0 { return bytes }
            guard count > 0 else { throw .file("couldn't read \(path): \(reason())") }
            bytes.append(contentsOf: buffer.prefix(count))
        }
        throw .file("couldn't read \(path): it is too large")
    }

    /// The bytes of a token's file, without newlines at the end.
    static func readToken(_ path: String) throws(RequestFailure) -> [UInt8] {
        withoutNewlines(try read(path))
    }

    /// The same without newlines at the end.
    static func withoutNewlines(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        while let last = bytes.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") { bytes.removeLast() }
        return bytes
    }

    /// Writes a file anew.
    static func write(_ bytes: [UInt8], to path: String, isPrivate: Bool) throws(RequestFailure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, isPrivate ? 0o600 : 0o644)
        guard descriptor >= 0 else { throw .file("couldn't write \(path): \(reason())") }
        defer { close(descriptor) }
        // A file that was there already keeps its mode otherwise.
        guard fchmod(descriptor, isPrivate ? 0o600 : 0o644) == 0 else {
            throw .file("couldn't write \(path): \(reason())")
        }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { raw in
                Glibc.write(descriptor, raw.baseAddress?.advanced(by: written), raw.count - written)
            }
            guard count > 0 else { throw .file("couldn't write \(path): \(reason())") }
            written += count
        }
    }

    /// A variable of the environment, if it is set and not empty.
    static func environment(_ name: String) -> String? {
        guard let value = getenv(name) else { return nil }
        let text = String(cString: value)
        return text.isEmpty ? nil : text
    }

    private static func reason() -> String {
        String(cString: strerror(errno))
    }
}
