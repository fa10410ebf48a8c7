import Keys
import Transparency
import Wire

/// How far a log has been followed: the last checkpoint that was proven. It is signed, so a changed state is noticed.
public struct FollowerState: Sendable, Equatable {
    /// The last checkpoint that was proven.
    public let checkpoint: SeenCheckpoint
    /// How many serial numbers are in the file beside this one.
    let serialCount: Int

    /// Starts at a proven checkpoint.
    public init(_ checkpoint: SeenCheckpoint) {
        self.init(checkpoint, serialCount: 0)
    }

    init(_ checkpoint: SeenCheckpoint, serialCount: Int) {
        self.checkpoint = checkpoint
        self.serialCount = serialCount
    }

    /// The state as JSON text.
    var encoded: [UInt8] {
        let note = String(decoding: checkpoint.note, as: UTF8.self)
        return JSONText.object([
            ("version", .integer(1)), ("origin", .string(checkpoint.origin.name)),
            ("treeSize", .integer(Int64(clamping: checkpoint.head.size.value))), ("checkpoint", .string(note)),
            ("serials", .integer(Int64(serialCount))),
        ]).encoded() + [UInt8(ascii: "\n")]
    }

    /// Reads a state and verifies it; nil when it isn't one of this log.
    init?(encoded: [UInt8], key: PublicKey, origin: LogOrigin?) {
        guard let json = try? JSON.parse(encoded), json["version"]?.integer == 1,
            let note = json["checkpoint"]?.utf8Bytes,
            let count = json["serials"]?.integer, let serialCount = Int(exactly: count), serialCount >= 0,
            let checkpoint = try? SeenCheckpoint(note: note, key: key, origin: origin)
        else { return nil }
        self.init(checkpoint, serialCount: serialCount)
    }
}
