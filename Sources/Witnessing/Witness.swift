import Files
import Glibc
import Keys
import Synchronization
public import Transparency

/// A witness at work: cosigns checkpoints of the logs it knows, each only if it continues the one before.
///
/// Its memory is one file for each log: the latest cosigned checkpoint with its cosignature. One lock around
/// comparison, file and signature makes them one step; a lock on the directory keeps a second process off.
///
/// Durable when: `addCheckpoint` returns. Consistent how: one file, replaced whole. A malicious memory: a file that is
/// put back to an older one makes the witness accept a fork after that; one that it did not write is refused at start.
public final class Witness: Sendable {
    /// Its name and key.
    public let cosigner: Cosigner

    private struct Known {
        let log: WitnessedLog
        var latest: WitnessedTree
        var note: SignedNote?
    }

    private let key: SigningKey
    private let directory: String
    private let lock: Int32
    private let now: @Sendable () -> EntryTimestamp
    private let known: Mutex<[LogOrigin: Known]>

    /// Opens the witness of a data directory, and checks what it remembers. Throws every case but `.exists`.
    public convenience init(
        directory: String,
        now: @escaping @Sendable () -> EntryTimestamp
    ) throws(WitnessError) {
        let settings = try WitnessSettings(directory: directory)
        try self.init(settings, directory: directory, now: now)
    }

    init(
        _ settings: WitnessSettings,
        directory: String,
        now: @escaping @Sendable () -> EntryTimestamp
    ) throws(WitnessError) {
        let lock = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard lock >= 0 else { throw .file(path: directory, FileFailure(code: errno)) }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            close(lock)
            throw .inUse(path: directory)
        }
        var known: [LogOrigin: Known] = [:]
        do throws(WitnessError) {
            for log in settings.logs {
                let path = Self.path(of: log.origin, in: directory)
                known[log.origin] = try Self.remembered(log, at: path, cosigner: settings.cosigner)
            }
        } catch {
            close(lock)
            throw error
        }
        self.lock = lock
        self.directory = directory
        self.now = now
        key = settings.key
        cosigner = settings.cosigner
        self.known = Mutex(known)
    }

    deinit {
        close(lock)
    }

    /// Judges a request and cosigns its checkpoint; the new state is on the disk when it returns. Blocks.
    public func addCheckpoint(_ request: AddCheckpointRequest) throws(WitnessRefusal) -> NoteSignature {
        guard let first = request.note.text.split(separator: "\n", omittingEmptySubsequences: false).first,
            let origin = try? LogOrigin(String(first))
        else { throw .malformed }
        let result: Result<NoteSignature, WitnessRefusal> = known.withLock { known in
            guard let log = known[origin] else { return .failure(.originUnknown) }
            do throws(WitnessRefusal) {
                let (next, line) = try cosign(request, log)
                known[origin] = next
                return .success(line)
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// The latest cosigned checkpoint of the log whose origin has this SHA-256 in lower-case hexadecimal; nil when there
    /// is none (tlog-witness, "Monitor Retrieval Mechanism").
    public func checkpoint(originHash: some StringProtocol) -> SignedNote? {
        known.withLock { known in
            known.values.first { SHA256Digest(hashing: Array($0.log.origin.name.utf8)).hex == originHash }?.note
        }
    }

    private func cosign(_ request: AddCheckpointRequest, _ known: Known) throws(WitnessRefusal)
        -> (Known, NoteSignature)
    {
        let tree = try WitnessRules.judge(request, of: known.log, latest: known.latest)
        let seconds = UInt64(clamping: max(1, now().seconds))
        let note: SignedNote
        let line: NoteSignature
        do throws(TransparencyError) {
            line = try cosigner.cosign(request.note.text, atSeconds: seconds, with: key)
            // Nobody else's lines: this witness hasn't verified them.
            note = try SignedNote(
                text: request.note.text,
                signatures: known.log.ownLines(of: request.note) + [line]
            )
        } catch {
            throw .signingFailed
        }
        do {
            try WholeFile.replace(Self.path(of: known.log.origin, in: directory), with: note.encoded)
        } catch {
            throw .notStored(code: error.code)
        }
        return (Known(log: known.log, latest: tree, note: note), line)
    }

    private static func path(of origin: LogOrigin, in directory: String) -> String {
        "\(directory)/\(SHA256Digest(hashing: Array(origin.name.utf8)).hex).checkpoint"
    }

    private static func remembered(
        _ log: WitnessedLog,
        at path: String,
        cosigner: Cosigner
    ) throws(WitnessError) -> Known {
        let bytes: [UInt8]?
        do { bytes = try WholeFile.read(path) } catch { throw .file(path: path, error) }
        guard let bytes else { return Known(log: log, latest: .nothing, note: nil) }
        guard let note = try? SignedNote(encoded: bytes), let head = try? log.verify(note),
            (try? cosigner.cosignature(on: note)) != nil
        else { throw .memoryDamaged(path: path) }
        return Known(log: log, latest: WitnessedTree(size: head.size, root: head.root), note: note)
    }
}
