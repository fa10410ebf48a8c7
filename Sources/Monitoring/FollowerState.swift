import Keys
import Transparency
import Wire

/// How far a log has been followed: the last checkpoint that was proven. It is signed, so a changed state is noticed.
public struct FollowerState: Sendable, Equatable {
    /// The last checkpoint that was proven.
    public let checkpoint: SeenCheckpoint

    /// Starts at a proven checkpoint.
    public init(_ checkpoint: SeenCheckpoint) {
        self.checkpoint = checkpoint
    }

    /// The state as JSON text.
    var encoded: [UInt8] {
        let note = String(decoding: checkpoint.note, as: UTF8.self)
        return JSONText.object([
            ("version", .integer(1)), ("origin", .string(checkpoint.origin.name)),
            ("treeSize", .integer(Int64(clamping: checkpoint.head.size.value))), ("checkpoint", .string(note)),
        ]).encoded() + [UInt8(ascii: "\n")]
    }

    /// Reads a state and verifies it; nil when it isn't one of this log.
    init?(encoded: [UInt8], key: PublicKey, origin: LogOrigin?) {
        guard let json = try? JSON.parse(encoded), json["version"]?.integer == 1,
            let note = json["checkpoint"]?.utf8Bytes,
            let checkpoint = try? SeenCheckpoint(note: note, key: key, origin: origin)
        else { return nil }
        self.init(checkpoint)
    }
}
