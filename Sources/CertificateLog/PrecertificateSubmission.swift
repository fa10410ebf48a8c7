public import Certificates
import Keys
public import Log
public import Records
import Transparency

/// What a log needs of a precertificate: copies, for the precertificate itself can't be copied.
public struct PrecertificateSubmission: Sendable {
    /// The signed precertificate.
    let der: [UInt8]
    /// What a timestamp covers.
    let entry: CertificateEntry
    /// What was decided, with what the precertificate says of itself. Our own log stores it with the entry; of what
    /// goes to another's, the caller stores it (``Log/RecordStore``).
    public let record: IssuanceRecord
    /// How many certificates the token may get; as the record.
    public let use: UseLimit?

    /// Takes what is needed from a precertificate; serial number, hash and beginning of validity go into the record.
    public init(_ precertificate: borrowing Precertificate, record: IssuanceRecord, use: UseLimit?) {
        der = precertificate.der
        entry = .precertificate(
            issuerKeyHash: precertificate.issuerKeyHash,
            tbsCertificate: precertificate.tbsWithoutPoison
        )
        var record = record
        record.serialHex = precertificate.profile.serial.hex
        record.precertificate = SHA256Digest(hashing: precertificate.der)
        record.notBeforeSeconds = precertificate.profile.notBeforeSeconds
        self.record = record
        self.use = use
    }
}
