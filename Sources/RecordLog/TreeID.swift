public import Transparency
import Wire

/// The number of a log's tree in Rekor v1: the first 63 bits of the log's id, so that nothing has to keep it.
public struct TreeID: Sendable, Hashable {
    /// From 1 to 2^63 - 1: Rekor's clients read it as a signed number and refuse 0.
    public let value: Int64

    /// The tree of the log with this id.
    public init(of log: LogID) {
        let number = log.bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        value = max(1, Int64(number >> 1))
    }

    /// Reads 16 hexadecimal digits as bytes; nil for another count, 0 and a negative number.
    init?(bytes: some Collection<UInt8>) {
        let number = bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard bytes.count == 8, number > 0, let value = Int64(exactly: number) else { return nil }
        self.value = value
    }

    /// 16 hexadecimal digits, as an ``EntryID`` begins.
    public var hex: String {
        Hexadecimal.encode(stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: value >> Int64($0)) })
    }
}

extension TreeID: CustomStringConvertible {
    /// The decimal number, as checkpoints and queries have it.
    public var description: String { String(value) }
}
