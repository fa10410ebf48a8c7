import Files
import Glibc

/// The files and directories of an authority: each failure says which.
enum FileSystem {
    /// No configuration, certificate or key is larger.
    static let bytesMax = 1 << 20

    /// The bytes of the file. Throws ``AuthorityError/file(path:_:)``.
    static func read(_ path: String, bytesMax: Int = bytesMax) throws(AuthorityError) -> [UInt8] {
        let bytes: [UInt8]?
        do { bytes = try WholeFile.read(path, bytesMax: bytesMax) } catch {
            throw .file(path: path, error.isTooLarge ? .tooLarge(bytesMax: bytesMax) : .unreadable(error.code))
        }
        guard let bytes else { throw .file(path: path, .missing) }
        return bytes
    }

    /// The path as it is from anywhere: one in a configuration doesn't start where the command was typed.
    static func absolute(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// Writes a file that must not exist yet, readable for its owner only where `isPrivate`, and syncs it to disk.
    static func create(_ path: String, _ bytes: [UInt8], isPrivate: Bool) throws(AuthorityError) {
        do { try WholeFile.create(path, bytes, isPrivate: isPrivate) } catch {
            throw .file(path: path, .unwritable(error.code))
        }
    }

    /// Makes a directory, for its owner only where `isPrivate`; one that is there already is fine.
    static func createDirectory(_ path: String, isPrivate: Bool = true) throws(AuthorityError) {
        guard mkdir(path, isPrivate ? 0o700 : 0o755) == 0 || errno == EEXIST else {
            throw .file(path: path, .unwritable(errno))
        }
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

    /// Syncs a directory, so that files created in it survive loss of power.
    static func syncDirectory(_ path: String) throws(AuthorityError) {
        do { try WholeFile.syncFolder(path) } catch { throw .file(path: path, .unwritable(error.code)) }
    }
}
