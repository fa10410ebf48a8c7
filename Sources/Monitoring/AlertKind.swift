/// What an alert is about. The raw values are stable: receivers may match on them.
public enum AlertKind: String, Sendable, CaseIterable {
    /// Two trees of one size are signed.
    case logForked = "log-forked"
    /// The log has fewer entries than before.
    case logShrunk = "log-shrunk"
    /// The log isn't an extension of what it was.
    case logInconsistent = "log-inconsistent"
    /// The checkpoint has no valid signature by the pinned key, or another name.
    case checkpointInvalid = "checkpoint-invalid"
    /// The checkpoint is older than allowed.
    case checkpointStale = "checkpoint-stale"
    /// The entries or hashes that are served are not those of the signed tree.
    case tilesWrong = "tiles-wrong"
    /// Something that the signed tree needs isn't served, or can't be read.
    case documentUnusable = "document-unusable"
    /// A time is before an earlier one.
    case timeWentBack = "time-went-back"
    /// The log couldn't be checked several times in a row.
    case logUnreachable = "log-unreachable"
    /// The entry says that it is another one.
    case indexWrong = "index-wrong"
    /// The certificate is of a CA that isn't pinned, or its chain doesn't hold together.
    case authorityUnexpected = "authority-unexpected"
    /// The certificate isn't what the profile says, or the leaf isn't the certificate's.
    case profileViolated = "profile-violated"
    /// The serial number was there before.
    case serialRepeated = "serial-repeated"
    /// The name in the certificate isn't on the list.
    case identityUnlisted = "identity-unlisted"
    /// The token issuer in the certificate isn't on the list.
    case issuerUnlisted = "issuer-unlisted"
    /// The certificate isn't in the issuance record.
    case recordMissing = "record-missing"
    /// The issuance record says something else than the certificate.
    case recordDiffers = "record-differs"
    /// There was more in this round than is sent.
    case alertsOmitted = "alerts-omitted"
    /// A certificate's promise isn't kept by the log, or isn't the log's.
    case promiseBroken = "promise-broken"
}
