import Files
import Glibc

/// A folder that files are put into whole: under another name first, synced, then renamed.
struct ExportFolder {
    /// Why a file couldn't be put or read.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Where it is.
    let path: String

    /// Whether a file is there.
    func has(_ name: String) -> Bool {
        access("\(path)/\(name)", F_OK) == 0
    }

    /// A small file; nil when there is none.
    func read(_ name: String) throws -> [UInt8]? {
        guard has(name) else { return nil }
        return try ClientFiles.read("\(path)/\(name)")
    }

    /// Whether a file has these bytes and no more; nil when there is none.
    func has(_ name: String, with bytes: [UInt8]) throws(Failure) -> Bool? {
        let target = "\(path)/\(name)"
        do {
            return try WholeFile.read(target, bytesMax: bytes.count).map { $0 == bytes }
        } catch {
            guard error.isTooLarge else { throw failure(target, error, verb: "read") }
            return false
        }
    }

    /// Puts a file in place of one that may be there; its folders are made.
    func put(_ bytes: [UInt8], as name: String) throws(Failure) {
        let target = "\(path)/\(name)"
        try makeFolder(WholeFile.folder(of: target))
        // The same name each time: what a broken export left is written over.
        let draft = target + ".new"
        do throws(FileFailure) {
            try WholeFile.overwrite(draft, bytes)
            guard rename(draft, target) == 0 else { throw FileFailure(code: errno) }
        } catch {
            throw failure(target, error)
        }
    }

    /// Makes what was renamed durable: one call in place of one for each folder.
    func sync() {
        // "On Linux, sync is only guaranteed to schedule the dirty blocks" was true of kernels before 1.3.20: sync(2).
        Glibc.sync()
    }

    private func makeFolder(_ folder: String) throws(Failure) {
        if mkdir(folder, 0o755) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = folder.lastIndex(of: "/"), slash > folder.startIndex else {
            throw failure(folder, FileFailure(code: errno))
        }
        try makeFolder(String(folder[..<slash]))
        guard mkdir(folder, 0o755) == 0 || errno == EEXIST else { throw failure(folder, FileFailure(code: errno)) }
    }

    private func failure(_ name: String, _ error: FileFailure, verb: String = "write") -> Failure {
        Failure(description: "couldn't \(verb) \(name): \(error)")
    }
}
