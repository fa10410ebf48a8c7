import Keys
public import Transparency
public import Wire

/// What goes to people or their systems. Its JSON names are stable.
public struct Alert: Sendable, Equatable {
    /// What it is about.
    public let kind: AlertKind
    /// The log's name.
    public let log: String
    /// What exactly.
    public let detail: String
    /// The entry's place; nil when it is about the log as a whole.
    public var index: LeafIndex?
    /// When the log took the entry, or dated the checkpoint.
    public var timestamp: EntryTimestamp?
    /// The certificate's names.
    public var names: [String] = []
    /// The token issuer that the certificate names.
    public var issuer: String?
    /// The certificate's serial number.
    public var serialHex: String?
    /// SHA-256 of the precertificate.
    public var fingerprintHex: String?
    /// The signed checkpoints that prove it, the earlier first.
    public var evidence: [[UInt8]] = []

    /// A line of an audit sink must hold an alert whatever a log has put into its certificates.
    private static let textBytesMax = 1024
    private static let namesMax = 8

    private static func cut(_ text: String) -> String {
        text.utf8.count <= textBytesMax ? text : String(decoding: text.utf8.prefix(textBytesMax), as: UTF8.self) + "…"
    }

    /// An alert about an entry.
    public init(_ finding: Finding, _ entry: CheckedEntry, log: String) {
        kind = finding.kind
        self.log = log
        detail = Self.cut(finding.detail)
        index = entry.index
        timestamp = entry.timestamp
        names = entry.names.prefix(Self.namesMax).map { Self.cut($0.text) }
        issuer = entry.issuer.map(Self.cut)
        serialHex = entry.serialHex
        fingerprintHex = entry.fingerprint.hex
    }

    /// An alert about the log.
    public init(_ kind: AlertKind, log: String, detail: String, evidence: [[UInt8]] = []) {
        self.kind = kind
        self.log = log
        self.detail = detail
        self.evidence = evidence
    }

    /// An alert about the log as a whole, with the signed checkpoints that show it.
    public init(_ fault: LogFault, log: String, trusted: SeenCheckpoint?, seen: SeenCheckpoint?) {
        kind = fault.kind
        self.log = log
        detail = "\(fault)"
        timestamp = seen?.head.timestamp
        evidence = [trusted, seen].compactMap { $0?.note }
    }

    /// The same for the same cause, in every run: receivers may drop what they have had.
    public var id: String {
        let place = index.map(\.description) ?? ""
        // Of a checkpoint what it says: the log can sign the same in as many ways as it likes.
        let said = evidence.map { note in
            String(decoding: note, as: UTF8.self).split(separator: "\n\n", maxSplits: 1).first.map(String.init) ?? ""
        }
        let parts = [kind.rawValue, log, place, fingerprintHex ?? "", detail] + said
        return String(SHA256Digest(hashing: parts.map { Array($0.utf8) + [0] }).hex.prefix(32))
    }

    /// The alert as one JSON object.
    public var json: JSONText {
        var members: [(String, JSONText)] = [
            ("alert", .string(kind.rawValue)), ("id", .string(id)), ("log", .string(log)), ("detail", .string(detail)),
        ]
        if let index { members.append(("logIndex", .integer(Int64(clamping: index.value)))) }
        if let timestamp { members.append(("timeMilliseconds", .integer(Int64(clamping: timestamp.milliseconds)))) }
        if !names.isEmpty { members.append(("san", .array(names.map { .string($0) }))) }
        if let issuer { members.append(("issuer", .string(issuer))) }
        if let serialHex { members.append(("serial", .string(serialHex))) }
        if let fingerprintHex { members.append(("precertificateSha256", .string(fingerprintHex))) }
        if !evidence.isEmpty {
            members.append(("checkpoints", .array(evidence.map { .string(String(decoding: $0, as: UTF8.self)) })))
        }
        return .object(members)
    }
}
