import Files
import Glibc

/// The client's files and environment.
enum ClientFiles {
    /// The bytes of a file, or of standard input for `-`; of one that is larger than `bytesMax` none.
    static func read(_ path: String, bytesMax: Int = 1 << 22) throws(RequestFailure) -> [UInt8] {
        let descriptor = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .file("couldn't read \(path): \(reason())") }
        defer { close(descriptor) }
        do { return try WholeFile.read(descriptor, bytesMax: bytesMax) } catch {
            throw .file("couldn't read \(path): \(error.isTooLarge ? "it is too large" : "\(error)")")
        }
    }

    /// A token, without newlines at its end: a file's, or where none is named that in the environment.
    static func token(inFile path: String?) throws(RequestFailure) -> [UInt8] {
        if let path { return withoutNewlines(try read(path)) }
        guard let text = environment("SIGSTORE_ID_TOKEN") else { throw .noToken }
        return withoutNewlines(Array(text.utf8))
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
        do { try WholeFile.write(bytes, to: descriptor) } catch { throw .file("couldn't write \(path): \(error)") }
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
