import Glibc
import Keys
import Verification
import Wire

/// What is verified: a file of any size, or its digest.
enum ArtifactFile {
    /// The digests of `sha256:` and 64 hexadecimal digits, unless there is a file of that name, or else of the file; `-` is
    /// standard input.
    static func digests(_ argument: String) throws(RequestFailure) -> ArtifactDigests {
        if let digest = digest(argument), access(argument, F_OK) != 0 { return ArtifactDigests([.sha256: digest]) }
        return try digests(ofFile: argument)
    }

    /// The digests of a file; `-` is standard input.
    static func digests(ofFile argument: String) throws(RequestFailure) -> ArtifactDigests {
        let descriptor = argument == "-" ? dup(STDIN_FILENO) : open(argument, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .file("couldn't read \(argument): \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        do {
            return try hash(descriptor, argument)
        } catch let failure as RequestFailure {
            throw failure
        } catch {
            throw .file("couldn't hash \(argument): \(error)")
        }
    }

    private static func hash(_ descriptor: Int32, _ path: String) throws -> ArtifactDigests {
        var sha256 = try RunningDigest(.sha256)
        var sha384 = try RunningDigest(.sha384)
        var sha512 = try RunningDigest(.sha512)
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            guard count >= 0 else {
                throw RequestFailure.file("couldn't read \(path): \(String(cString: strerror(errno)))")
            }
            guard count > 0 else { break }
            try sha256.update(buffer[..<count])
            try sha384.update(buffer[..<count])
            try sha512.update(buffer[..<count])
        }
        return ArtifactDigests([
            .sha256: try sha256.finish(), .sha384: try sha384.finish(), .sha512: try sha512.finish(),
        ])
    }

    private static func digest(_ argument: String) -> [UInt8]? {
        let prefix = "sha256:"
        guard argument.hasPrefix(prefix) else { return nil }
        return Hexadecimal.decode(argument.utf8.dropFirst(prefix.utf8.count)).flatMap { $0.count == 32 ? $0 : nil }
    }
}
