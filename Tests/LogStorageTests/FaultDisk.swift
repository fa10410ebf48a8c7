import Synchronization

/// The disk below one folder: keeps a journal of what SQLite writes there and of what it has been told is durable, and
/// fails as told. Nothing is synced for real; what would survive a loss of power is for ``Survivors`` to say.
///
/// It is reached through a VFS before the system's, which every connection of this process uses: files of other folders
/// go straight to the system.
final class FaultDisk: Sendable {
    /// What was done to a file.
    enum Change: Sendable {
        case write(offset: Int, bytes: [UInt8])
        case truncate(byteCount: Int)
        /// `isDurable`: the folder was synced too.
        case delete(isDurable: Bool)
        case sync
        /// A sync that failed. As on Linux, a later one says nothing of what was to be synced here.
        case failedSync
    }

    /// One line of the journal; `file` is a name in the folder.
    struct Event: Sendable {
        let file: String
        let change: Change
    }

    /// What can be made to fail.
    enum Call: Sendable, CaseIterable {
        case writeAheadLogWrite, writeAheadLogSync, databaseWrite, databaseSync, writeLock
    }

    /// How it fails.
    struct Fault: Sendable {
        let call: Call
        /// SQLite's extended code.
        let code: Int32
        /// So many bytes of a write are written all the same; for a sync, whether it was one.
        var bytesDone = 0
        /// So many calls pass before.
        var passing = 0
        /// So many fail.
        var times = 1
    }

    private struct State {
        var events: [Event] = []
        var faults: [Fault] = []
    }

    private let state = Mutex(State())
    private let folder: String

    /// The disk below `folder`, from now on.
    init(folder: String) {
        self.folder = folder
        FaultVFS.register()
        FaultDisk.disks.withLock { $0[folder] = self }
    }

    /// The system's again: for connections that are opened from now on.
    func remove() {
        FaultDisk.disks.withLock { $0[folder] = nil }
    }

    /// The journal up to now.
    var events: [Event] { state.withLock { $0.events } }
    /// How long it is.
    var eventCount: Int { state.withLock { $0.events.count } }

    /// Arms a fault; several are met in the order in which their calls come.
    func fail(_ fault: Fault) { state.withLock { $0.faults.append(fault) } }
    /// Disarms all.
    func mend() { state.withLock { $0.faults = [] } }
    /// How many faults haven't happened.
    var armedCount: Int { state.withLock { $0.faults.count } }

    // MARK: For the VFS

    private static let disks = Mutex<[String: FaultDisk]>([:])

    /// The disk of a path, and the file's name on it.
    static func holding(_ path: String) -> (disk: FaultDisk, name: String)? {
        guard let slash = path.lastIndex(of: "/") else { return nil }
        let name = String(path[path.index(after: slash)...])
        return disks.withLock { $0[String(path[..<slash])] }.map { ($0, name) }
    }

    func note(_ change: Change, in file: String) {
        state.withLock { $0.events.append(Event(file: file, change: change)) }
    }

    /// The fault that this call meets, if any.
    func meet(_ call: Call) -> Fault? {
        state.withLock { state in
            guard let place = state.faults.firstIndex(where: { $0.call == call }) else { return nil }
            guard state.faults[place].passing == 0 else {
                state.faults[place].passing -= 1
                return nil
            }
            let fault = state.faults[place]
            state.faults[place].times -= 1
            if fault.times <= 1 { state.faults.remove(at: place) }
            return fault
        }
    }
}

/// What the disk may hold after power was lost.
struct Survivors {
    /// As the unit of a torn write.
    static let sectorBytes = 512

    /// By name.
    private(set) var files: [String: [UInt8]]

    /// All that was durable when the journal was `events` long, and of the rest what chance leaves: each write whole,
    /// not at all, or sector by sector, whatever came after it.
    init(
        of files: [String: [UInt8]],
        _ events: ArraySlice<FaultDisk.Event>,
        by chance: inout some RandomNumberGenerator
    ) {
        self.files = files
        let isDurable = Self.durable(events)
        // A machine that lost all, one that lost nothing, and those between.
        let share: Double = [0, 0.1, 0.5, 0.9, 1].randomElement(using: &chance) ?? 0.5
        var isOldFile: Set<String> = []
        for (event, isDurable) in zip(events, isDurable) where !isOldFile.contains(event.file) {
            let survives = isDurable || Double.random(in: 0..<1, using: &chance) < share
            switch event.change {
            case .sync, .failedSync: break
            case .truncate(let byteCount):
                if survives { resize(event.file, to: byteCount) }
            case .delete:
                // What follows is in another file, to which no name leads.
                if survives { self.files[event.file] = nil } else { isOldFile.insert(event.file) }
            case .write(let offset, let bytes):
                if isDurable || Bool.random(using: &chance) {
                    if survives { write(bytes[...], to: event.file, at: offset) }
                } else {
                    tear(bytes, of: event.file, at: offset, share, &chance)
                }
                // The length may be known to the disk when the bytes are not.
                if !survives, Bool.random(using: &chance) { grow(event.file, to: offset + bytes.count) }
            }
        }
    }

    /// All that was durable, and nothing else.
    init(synced files: [String: [UInt8]], _ events: ArraySlice<FaultDisk.Event>) {
        self.files = files
        for (event, isDurable) in zip(events, Self.durable(events)) where isDurable {
            switch event.change {
            case .write(let offset, let bytes): write(bytes[...], to: event.file, at: offset)
            case .truncate(let byteCount): resize(event.file, to: byteCount)
            case .delete: self.files[event.file] = nil
            case .sync, .failedSync: break
            }
        }
    }

    /// For each event, whether it must survive: a later sync of its file has succeeded, and none failed before that.
    private static func durable(_ events: ArraySlice<FaultDisk.Event>) -> [Bool] {
        var isDurable = [Bool](repeating: false, count: events.count)
        var open: [String: [Int]] = [:]
        var deletions: Set<Int> = []
        for (place, event) in events.enumerated() {
            switch event.change {
            case .sync:
                for earlier in open[event.file] ?? [] { isDurable[earlier] = true }
                open[event.file] = []
            case .failedSync:
                // Of the folder nothing was tried: the next sync of the new file sees to it.
                open[event.file] = open[event.file, default: []].filter { deletions.contains($0) }
            case .delete(isDurable: true): isDurable[place] = true
            case .delete:
                deletions.insert(place)
                open[event.file, default: []].append(place)
            case .write, .truncate: open[event.file, default: []].append(place)
            }
        }
        return isDurable
    }

    private mutating func tear(
        _ bytes: [UInt8],
        of file: String,
        at offset: Int,
        _ share: Double,
        _ chance: inout some RandomNumberGenerator
    ) {
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + Self.sectorBytes - (offset + start) % Self.sectorBytes)
            if Double.random(in: 0..<1, using: &chance) < share {
                write(bytes[start..<end], to: file, at: offset + start)
            }
            start = end
        }
    }

    private mutating func write(_ bytes: ArraySlice<UInt8>, to file: String, at offset: Int) {
        grow(file, to: offset + bytes.count)
        files[file]?.replaceSubrange(offset..<offset + bytes.count, with: bytes)
    }

    private mutating func grow(_ file: String, to byteCount: Int) {
        let missing = byteCount - files[file, default: []].count
        if missing > 0 { files[file, default: []].append(contentsOf: [UInt8](repeating: 0, count: missing)) }
    }

    private mutating func resize(_ file: String, to byteCount: Int) {
        grow(file, to: byteCount)
        files[file, default: []].removeLast(files[file, default: []].count - byteCount)
    }
}
