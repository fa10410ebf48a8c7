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
        let descriptor = open(target, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw failure(target, verb: "read")
        }
        defer { close(descriptor) }
        var found: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        while found.count <= bytes.count {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count == 0 { return found == bytes }
            guard count > 0 else { throw failure(target, verb: "read") }
            found.append(contentsOf: buffer.prefix(count))
        }
        return false
    }

    /// Puts a file in place of one that may be there; its folders are made.
    func put(_ bytes: [UInt8], as name: String) throws(Failure) {
        let target = "\(path)/\(name)"
        let folder = String(target.prefix(upTo: target.lastIndex(of: "/") ?? target.endIndex))
        try makeFolder(folder)
        // The same name each time: what a broken export left is written over.
        let draft = target + ".new"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure(target) }
        defer { close(descriptor) }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { raw in
                Glibc.write(descriptor, raw.baseAddress?.advanced(by: written), raw.count - written)
            }
            guard count > 0 else { throw failure(target) }
            written += count
        }
        guard fsync(descriptor) == 0, rename(draft, target) == 0 else { throw failure(target) }
    }

    /// Makes what was renamed durable: one call in place of one for each folder.
    func sync() {
        // "On Linux, sync is only guaranteed to schedule the dirty blocks" was true of kernels before 1.3.20: sync(2).
        Glibc.sync()
    }

    private func makeFolder(_ folder: String) throws(Failure) {
        if mkdir(folder, 0o755) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = folder.lastIndex(of: "/"), slash > folder.startIndex else {
            throw failure(folder)
        }
        try makeFolder(String(folder[..<slash]))
        guard mkdir(folder, 0o755) == 0 || errno == EEXIST else { throw failure(folder) }
    }

    private func failure(_ name: String, verb: String = "write") -> Failure {
        Failure(description: "couldn't \(verb) \(name): \(String(cString: strerror(errno)))")
    }
}
