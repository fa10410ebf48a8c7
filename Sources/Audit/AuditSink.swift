import Foundation

/// Takes lines to where auditors read them, in the order they come. One thread writes: all lines that arrived while the
/// previous write was under way go out together.
public final class AuditSink: Sendable {
    /// The most bytes of a line.
    public static let lineBytesMax = 1 << 16
    /// How long a daemon or a reader of standard output may keep us waiting.
    static let waitMilliseconds: Int32 = 5000

    private let queue: AuditQueue

    /// Opens what the settings name. Throws `.open`, `.write` when the disk is full, and `.sync`.
    public static func open(_ settings: AuditSettings) throws(AuditError) -> AuditSink {
        try open(settings, now: { ContinuousClock.now })
    }

    /// The same with another clock, which decides when a file is looked for again.
    static func open(
        _ settings: AuditSettings,
        now: @escaping @Sendable () -> ContinuousClock.Instant
    ) throws(AuditError) -> AuditSink {
        var destination: any AuditDestination =
            switch settings.destination {
            case .file(let path, let isSynced): AuditFile(.path(path), isSynced: isSynced, now: now)
            case .standardOutput: AuditFile(.descriptor(STDOUT_FILENO), isSynced: false, now: now)
            case .syslog(let facility, let socket): SyslogSocket(path: socket, facility: facility)
            }
        if let failure = destination.probe() { throw failure }
        return AuditSink(destination)
    }

    /// Starts the thread.
    init(_ destination: any AuditDestination) {
        let queue = AuditQueue(destination)
        self.queue = queue
        let thread = Thread { queue.run() }
        thread.name = "audit"
        thread.stackSize = 1 << 20
        thread.start()
    }

    deinit {
        queue.end(nil)
    }

    /// Appends a line, given without its end; returns when the system has it, or the disk where the settings say so.
    /// Throws every case of ``AuditError``; `.full` at once. A line may be there although `.sync` was thrown.
    public func write(_ line: [UInt8]) async throws(AuditError) {
        guard line.count <= Self.lineBytesMax else { throw .lineTooLong }
        guard !line.contains(UInt8(ascii: "\n")) else { throw .lineBreak }
        let failure = await withCheckedContinuation { queue.submit(line, $0) }
        if let failure { throw failure }
    }

    /// Throws what the last write failed with, and has the thread try whether it would succeed now: asking again tells.
    public func checkReady() throws(AuditError) {
        if let failure = queue.askAgain() { throw failure }
    }

    /// Has the thread open the file again, after somebody renamed it.
    public func reopen() {
        queue.reopen()
    }

    /// Writes what waits and closes; lines that come later are refused.
    public func close() async {
        await withCheckedContinuation { queue.end($0) }
    }

    /// How many lines wait.
    var waitingCount: Int { queue.waitingCount }
}
