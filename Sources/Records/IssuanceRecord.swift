public import Keys
public import Transparency

/// What was decided about one request for a certificate, as auditors keep it. No token, no key, no proof.
///
/// The log index isn't among the columns: whoever stores the record of an issued certificate knows its entry.
public struct IssuanceRecord: Sendable, Hashable {
    /// How a request ended.
    public enum Decision: String, Sendable, Hashable, CaseIterable {
        /// A certificate was made.
        case issued
        /// None was made.
        case refused
        /// A certificate or precertificate of our CA was handed to the log by somebody who had it.
        case submitted
    }

    /// How it ended.
    public var decision: Decision
    /// When, in milliseconds since 1970: the log entry's time for what was issued.
    public var timestamp: EntryTimestamp
    /// Which request.
    public let requestID: RequestID
    /// The token's `iss`; nil when it couldn't be read.
    public var issuer: String?
    /// The type of the issuer's entry, such as `email`.
    public var issuerType: String?
    /// The token's `sub`, or `sha256:` and the digits of its hash where the configuration asks for that.
    public var subject: String?
    /// The certificate's name as text.
    public var san: String?
    /// The source repository that the certificate names (1.3.6.1.4.1.57264.1.12, else 1.5); nil when it names none.
    public var repository: String?
    /// The rule that decided.
    public var rule: String?
    /// Why it was refused, such as `TOKEN_EXPIRED`; for what was issued, why it would have been refused if a rule that
    /// only reports had been enforced.
    public var reason: String?
    /// The certificate's serial number, lower-case hexadecimal.
    public var serialHex: String?
    /// SHA-256 of the logged precertificate's DER; of the certificate's for one that was handed in.
    public var precertificate: SHA256Digest?
    /// When the certificate's validity begins, in seconds since 1970.
    public var notBeforeSeconds: Int64?
    /// The issuer's name of the key that signed the token.
    public var keyID: String?

    /// Starts a record; the columns that are known are set afterwards.
    public init(_ decision: Decision, _ requestID: RequestID, at timestamp: EntryTimestamp) {
        self.decision = decision
        self.requestID = requestID
        self.timestamp = timestamp
    }
}
