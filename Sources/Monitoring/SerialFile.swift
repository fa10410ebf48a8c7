import Glibc

/// The serial numbers that were seen, eight bytes each, in the file beside a state. Appended to before the state is
/// replaced; the state says how many count, so that what a run left that didn't finish is written over.
struct SerialFile {
    private static let width = 8
    /// More than any log has (static-ct-api: an index has 40 bits), and no number of bytes that overflows.
    private static let countMax = 1 << 40

    let path: String

    /// The memory with the newest of `count` numbers. Throws `.stateUnusable` when there are fewer, and `.file`.
    func load(count: Int) throws(MonitoringError) -> SerialMemory {
        var memory = SerialMemory(isStored: true)
        guard count > 0 else { return memory }
        guard count <= Self.countMax else { throw .stateUnusable(path: path) }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .file(path: path, code: errno) }
        defer { close(descriptor) }
        var place = max(0, count - 2 * SerialMemory.generationMax)
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while place < count {
            let wanted = min(buffer.count / Self.width, count - place) * Self.width
            guard pread(descriptor, &buffer, wanted, place * Self.width) == wanted else {
                throw .stateUnusable(path: path)
            }
            for start in stride(from: 0, to: wanted, by: Self.width) {
                _ = memory.insert(buffer[start..<start + Self.width].reduce(0) { $0 << 8 | UInt64($1) })
            }
            place += wanted / Self.width
        }
        _ = memory.takeFresh()
        return memory
    }

    /// Appends numbers behind the first `count`, and syncs. Throws `.file`.
    func append(_ keys: [UInt64], after count: Int) throws(MonitoringError) {
        guard !keys.isEmpty else { return }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .file(path: path, code: errno) }
        defer { close(descriptor) }
        guard ftruncate(descriptor, count * Self.width) == 0 else { throw .file(path: path, code: errno) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(keys.count * Self.width)
        for key in keys {
            for shift in (0..<8).reversed() { bytes.append(UInt8(truncatingIfNeeded: key >> (8 * shift))) }
        }
        var written = 0
        while written < bytes.count {
            let place = count * Self.width + written
            let result = bytes.withUnsafeBytes { raw in
                pwrite(descriptor, raw.baseAddress?.advanced(by: written), raw.count - written, place)
            }
            guard result > 0 else { throw .file(path: path, code: errno) }
            written += result
        }
        guard fsync(descriptor) == 0 else { throw .file(path: path, code: errno) }
    }
}
