import Keys
public import Log
import Records
import Synchronization
public import Transparency

/// A leaf with its index and time inside, as a certificate log's has.
public enum TestLeaf {
    /// An entry that says `text`.
    public static func entry(_ text: String, byteCount: Int = 0, use: UseLimit? = nil) -> LogEntry {
        let payload = Array(text.utf8)
        let padding = [UInt8](repeating: 0x2E, count: max(0, byteCount - payload.count))
        var record = IssuanceRecord(.issued, RequestID(text: text), at: EntryTimestamp(milliseconds: 0))
        record.issuer = "https://issuer.test"
        record.san = text
        record.serialHex = "0a\(payload.count)"
        record.precertificate = SHA256Digest(hashing: payload)
        record.notBeforeSeconds = 1_700_000_000
        return LogEntry(record: record, use: use) { index, timestamp in
            let stored = bigEndian(index.value) + bigEndian(timestamp.milliseconds) + payload + padding
            return LogLeaf(merkleLeaf: merkleLeaf(stored), stored: stored)
        }
    }

    /// What an entry says.
    public static func text(_ stored: [UInt8]) -> String {
        String(decoding: stored.dropFirst(16).filter { $0 != 0x2E }, as: UTF8.self)
    }

    /// The ``MerkleLeafReader``.
    @Sendable public static func read(_ stored: [UInt8]) throws -> [UInt8] {
        guard stored.count >= 16 else { throw TestSigner.Refused() }
        return merkleLeaf(stored)
    }

    private static func merkleLeaf(_ stored: [UInt8]) -> [UInt8] { [0xCA, 0xFE] + stored }

    private static func bigEndian(_ value: UInt64) -> [UInt8] {
        stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: value >> UInt64($0)) }
    }
}

/// A clock that tests set.
public final class TestClock: Sendable {
    private let milliseconds: Mutex<UInt64>

    /// Shows `milliseconds` after 1970.
    public init(_ milliseconds: UInt64 = 1_700_000_000_000) {
        self.milliseconds = Mutex(milliseconds)
    }

    /// The time, as a log asks for it.
    @Sendable public func now() -> EntryTimestamp {
        EntryTimestamp(milliseconds: milliseconds.withLock { $0 })
    }

    /// Sets the time, also back.
    public func set(_ time: UInt64) {
        milliseconds.withLock { $0 = time }
    }

    /// Moves the time on.
    public func advance(_ by: UInt64 = 1) {
        milliseconds.withLock { $0 += by }
    }
}
