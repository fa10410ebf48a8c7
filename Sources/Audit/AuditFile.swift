import Glibc

/// A file that lines are appended to, or standard output.
///
/// 1. A line is whole or not there: what a failed write left is cut off again, and where that can't be done the next
///    write begins with a line break.
/// 2. After a failure the file is opened anew. A second `fsync` of the same descriptor would report success for pages
///    that the first one lost.
struct AuditFile: AuditDestination {
    /// What is written to.
    enum Source: Sendable, Equatable {
        /// A file of this name.
        case path(String)
        /// What is open already, such as standard output.
        case descriptor(Int32)
    }

    private let source: Source
    private let isSynced: Bool
    private let waitMilliseconds: Int32
    private let now: @Sendable () -> ContinuousClock.Instant

    private var descriptor: Descriptor?
    /// When somebody may have renamed the file since; nil is at once.
    private var checkedAt: ContinuousClock.Instant?
    /// Whether the last line has no end.
    private var isTorn = false

    init(
        _ source: Source,
        isSynced: Bool,
        waitMilliseconds: Int32 = AuditSink.waitMilliseconds,
        now: @escaping @Sendable () -> ContinuousClock.Instant
    ) {
        self.waitMilliseconds = waitMilliseconds
        self.source = source
        self.isSynced = isSynced
        self.now = now
    }

    mutating func write(_ lines: [[UInt8]]) -> [AuditError?] {
        var failure: AuditError?
        do throws(AuditError) {
            try append(lines, to: try current())
        } catch {
            failure = error
            release()
        }
        return [AuditError?](repeating: failure, count: lines.count)
    }

    mutating func probe() -> AuditError? {
        do throws(AuditError) {
            let descriptor = try current()
            var disk = statvfs()
            guard case .path = source, fstatvfs(descriptor.number, &disk) == 0, disk.f_blocks > 0 else { return nil }
            let room = disk.f_bavail.multipliedReportingOverflow(by: disk.f_frsize)
            guard room.overflow || room.partialValue >= AuditSink.lineBytesMax else { throw .write(code: ENOSPC) }
            return nil
        } catch {
            return error
        }
    }

    mutating func release() {
        descriptor = nil
    }

    /// The open file, which is another one when the old was renamed or removed; that is looked for once a second.
    private mutating func current() throws(AuditError) -> Descriptor {
        let time = now()
        if let descriptor, let checkedAt, time - checkedAt < .seconds(1) { return descriptor }
        checkedAt = time
        if let descriptor, isStill(descriptor) { return descriptor }
        let opened = try open()
        descriptor = opened
        return opened
    }

    private func isStill(_ descriptor: Descriptor) -> Bool {
        guard case .path(let path) = source else { return true }
        var named = stat()
        guard stat(path, &named) == 0, let held = descriptor.status else { return false }
        return named.st_dev == held.st_dev && named.st_ino == held.st_ino
    }

    private mutating func open() throws(AuditError) -> Descriptor {
        switch source {
        case .path(let path): return try open(path)
        case .descriptor(let number):
            guard let descriptor = Descriptor(adopting: fcntl(number, F_DUPFD_CLOEXEC, 3)) else {
                throw .open(code: errno)
            }
            return descriptor
        }
    }

    private mutating func open(_ path: String) throws(AuditError) -> Descriptor {
        // Readable, for its last byte tells whether an earlier process died in the middle of a line.
        let flags = O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY
        guard let descriptor = Descriptor(adopting: Glibc.open(path, flags, 0o600)), let status = descriptor.status
        else { throw .open(code: errno) }
        isTorn = false
        if status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 {
            var last: UInt8 = 0
            guard pread(descriptor.number, &last, 1, status.st_size - 1) == 1 else { throw .open(code: errno) }
            isTorn = last != UInt8(ascii: "\n")
        }
        if isSynced { try syncFolder(of: path) }
        return descriptor
    }

    /// A new file survives loss of power once its folder is synced.
    private func syncFolder(of path: String) throws(AuditError) {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        guard let descriptor = Descriptor(adopting: Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)),
            fsync(descriptor.number) == 0
        else { throw .sync(code: errno) }
    }

    private mutating func append(_ lines: [[UInt8]], to descriptor: Descriptor) throws(AuditError) {
        var text: [UInt8] = []
        text.reserveCapacity(lines.reduce(1) { $0 + $1.count + 1 })
        if isTorn { text.append(UInt8(ascii: "\n")) }
        for line in lines {
            text.append(contentsOf: line)
            text.append(UInt8(ascii: "\n"))
        }
        var written = 0
        while written < text.count {
            let count = write(text, from: written, to: descriptor)
            if count > 0 {
                written += count
                continue
            }
            let code = count == 0 ? EIO : errno
            if code == EINTR { continue }
            if written > 0 && !takeBack(written, from: descriptor) { isTorn = true }
            throw .write(code: code)
        }
        isTorn = false
        if isSynced, fsync(descriptor.number) != 0 {
            let code = errno
            _ = takeBack(written, from: descriptor)
            throw .sync(code: code)
        }
    }

    /// Writes some of the text and returns how much, as `write(2)` does. Standard output may be a pipe whose reader has
    /// stopped: once `poll` sees room there, `PIPE_BUF` bytes go in without waiting.
    private func write(_ text: [UInt8], from start: Int, to descriptor: Descriptor) -> Int {
        var count = text.count - start
        if case .descriptor = source {
            var waiting = pollfd(fd: descriptor.number, events: Int16(POLLOUT), revents: 0)
            guard poll(&waiting, 1, waitMilliseconds) > 0 else {
                errno = EAGAIN
                return -1
            }
            count = min(count, Int(PIPE_BUF))
        }
        return text.withUnsafeBytes { Glibc.write(descriptor.number, $0.baseAddress?.advanced(by: start), count) }
    }

    /// Cuts the last bytes off again. Not where others write too, as perhaps to standard output, and not when somebody
    /// has: those bytes aren't ours.
    private func takeBack(_ count: Int, from descriptor: Descriptor) -> Bool {
        guard case .path = source, let status = descriptor.status, status.st_mode & S_IFMT == S_IFREG,
            lseek(descriptor.number, 0, SEEK_CUR) == status.st_size
        else { return false }
        return ftruncate(descriptor.number, status.st_size - count) == 0
    }
}
