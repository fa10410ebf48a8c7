import Files
import Glibc
public import Keys
public import Transparency
import Wire

/// The file that outlives a run, held by one process at a time.
///
/// It is replaced as a whole, and never by an earlier state.
public final class StateFile: Sendable {
    private static let bytesMax = 1 << 18

    private let path: String
    private let key: PublicKey
    private let origin: LogOrigin?
    private let lock: Int32

    /// Takes the file for this process, there or not. Throws `.stateInUse` and `.file`.
    public init(path: String, key: PublicKey, origin: LogOrigin?) throws(MonitoringError) {
        self.path = path
        self.key = key
        self.origin = origin
        // Beside the file, which is another one after each write.
        lock = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else { throw .file(path: path + ".lock", code: errno) }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            close(lock)
            throw .stateInUse(path: path)
        }
    }

    deinit {
        close(lock)
    }

    /// What is stored; nil when nothing is yet. Throws `.stateUnusable` and `.file`.
    public func load() throws(MonitoringError) -> FollowerState? {
        let bytes: [UInt8]?
        do { bytes = try WholeFile.read(path, bytesMax: Self.bytesMax) } catch {
            throw error.isTooLarge ? .stateUnusable(path: path) : .file(path: path, code: error.code)
        }
        guard let bytes else { return nil }
        guard let state = FollowerState(encoded: bytes, key: key, origin: origin) else {
            throw .stateUnusable(path: path)
        }
        return state
    }

    /// Stores a later state. Throws `.stateGoesBack`, `.stateUnusable` and `.file`.
    public func save(_ state: FollowerState) throws(MonitoringError) {
        if let stored = try load()?.checkpoint.head, stored.size > state.checkpoint.head.size {
            throw .stateGoesBack(path: path)
        }
        do { try WholeFile.replace(path, with: state.encoded, isPrivate: true) } catch {
            throw .file(path: path, code: error.code)
        }
    }

    /// The serial numbers that the state has seen. Throws `.stateUnusable` and `.file`.
    func serials(_ state: FollowerState) throws(MonitoringError) -> SerialMemory {
        try SerialFile(path: path + ".serials").load(count: state.serialCount)
    }

    /// Stores a later state with the serial numbers that are new since `state`; returns it. Throws as `save`.
    func save(
        _ checkpoint: SeenCheckpoint,
        after state: FollowerState?,
        serials: inout SerialMemory
    ) throws(MonitoringError) -> FollowerState {
        let fresh = serials.takeFresh()
        let count = state?.serialCount ?? 0
        try SerialFile(path: path + ".serials").append(fresh, after: count)
        let next = FollowerState(checkpoint, serialCount: count + fresh.count)
        try save(next)
        return next
    }

    /// Keeps an alarm and its signed checkpoints beside the state, under a name of its own, and returns the path. What
    /// was kept before is never overwritten. Throws `.file`.
    public func keepEvidence(_ alert: Alert) throws(MonitoringError) -> String {
        let name = "\(path).evidence-\(alert.id).json"
        do { try WholeFile.keep(name, alert.json.encoded() + [UInt8(ascii: "\n")]) } catch {
            throw .file(path: name, code: error.code)
        }
        return name
    }
}
