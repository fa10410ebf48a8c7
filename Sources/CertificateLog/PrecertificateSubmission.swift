public import Certificates
import Keys
import Log
import Transparency

/// What a log needs of a precertificate: copies, for the precertificate itself can't be copied.
public struct PrecertificateSubmission: Sendable {
    /// The signed precertificate.
    let der: [UInt8]
    /// What a timestamp covers.
    let entry: CertificateEntry
    /// What auditors search by.
    let search: SearchColumns

    /// Takes what is needed from a precertificate.
    public init(_ precertificate: borrowing Precertificate) {
        der = precertificate.der
        entry = .precertificate(
            issuerKeyHash: precertificate.issuerKeyHash,
            tbsCertificate: precertificate.tbsWithoutPoison
        )
        let profile = precertificate.profile
        search = SearchColumns(
            certificate: SHA256Digest(hashing: precertificate.der),
            serialHex: profile.serial.hex,
            issuer: profile.extensions[.issuerV2] ?? "",
            subject: profile.san.text,
            notBeforeSeconds: profile.notBeforeSeconds
        )
    }
}
