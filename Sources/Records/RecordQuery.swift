public import Transparency

/// Which records are asked for: those that meet every condition that is set. Texts are compared by their bytes.
public struct RecordQuery: Sendable, Equatable {
    /// How a text must look.
    public enum TextCondition: Sendable, Equatable {
        /// Exactly this.
        case equal(String)
        /// This, or this and more.
        case beginning(String)
        /// This anywhere in it. Reads every record, where the others are looked up.
        case containing(String)
    }

    /// The most records that one answer has.
    public static let limitMax = 1000

    /// How the request ended.
    public var decision: IssuanceRecord.Decision?
    /// The certificate's name.
    public var identity: TextCondition?
    /// The token's `iss`.
    public var issuer: String?
    /// The certificate's serial number, in lower-case hexadecimal as ``IssuanceRecord/serialHex`` has it.
    public var serialHex: String?
    /// The rule that decided.
    public var rule: String?
    /// The source repository.
    public var repository: TextCondition?
    /// The token's `sub` is one of these; empty for any.
    public var subjects: [String] = []
    /// Why it was refused, or would have been.
    public var reason: String?
    /// At this time or later.
    public var since: EntryTimestamp?
    /// Before this time.
    public var until: EntryTimestamp?

    /// Asks for all records.
    public init() {}

    /// Whether a record meets the conditions.
    public func matches(_ record: IssuanceRecord) -> Bool {
        (decision ?? record.decision) == record.decision
            && (since ?? record.timestamp) <= record.timestamp
            && (until.map { record.timestamp < $0 } ?? true)
            && Self.meets(record.san, identity)
            && Self.meets(record.repository, repository)
            && Self.meets(record.issuer, issuer.map { .equal($0) })
            && Self.meets(record.serialHex, serialHex.map { .equal($0) })
            && Self.meets(record.rule, rule.map { .equal($0) })
            && Self.meets(record.reason, reason.map { .equal($0) })
            && (subjects.isEmpty || subjects.contains { Self.meets(record.subject, .equal($0)) })
    }

    private static func meets(_ text: String?, _ condition: TextCondition?) -> Bool {
        guard let condition else { return true }
        guard let bytes = text?.utf8 else { return false }
        switch condition {
        case .equal(let wanted): return bytes.elementsEqual(wanted.utf8)
        case .beginning(let wanted): return bytes.starts(with: wanted.utf8)
        case .containing(let wanted): return Array(bytes).firstRange(of: Array(wanted.utf8)) != nil
        }
    }
}
