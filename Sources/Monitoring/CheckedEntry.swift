public import Certificates
public import Keys
public import Transparency

/// An entry that has been looked at, and what was found.
public struct CheckedEntry: Sendable {
    /// Its place.
    public let index: LeafIndex
    /// When the log took it.
    public let timestamp: EntryTimestamp
    /// Whether it is a precertificate: what was issued for somebody. Otherwise it is a CA's own certificate, or one
    /// that was handed in.
    public let isPrecertificate: Bool
    /// SHA-256 of the precertificate or certificate.
    public let fingerprint: SHA256Digest
    /// The serial number, lower-case hexadecimal; nil when it can't be read.
    public internal(set) var serialHex: String?
    /// Whose key signed it, with the serial number: what may be there once only.
    public internal(set) var serialKey: UInt64?
    /// The names in it; none when they can't be read.
    public internal(set) var names: [SubjectAlternativeName] = []
    /// The token issuer that it names.
    public internal(set) var issuer: String?
    /// What was found.
    public internal(set) var findings: [Finding] = []
    /// What was handed in with this log's promise inside, which is yet to be looked for in the tree.
    var promised: Promised?

    /// A certificate with a promise, and its issuer.
    struct Promised: Sendable {
        let certificate: Certificate
        let issuer: Certificate
    }
}
