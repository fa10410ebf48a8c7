import CertificateLog
import Certificates
import Keys
import Log
import Records
import TestKit
import Transparency

/// A precertificate as submitted, and what a log must make of it.
struct TestSubmission {
    let submission: PrecertificateSubmission
    let der: [UInt8]
    /// RFC 6962 §3.2: the issuer's key and the certificate without poison.
    let entry: CertificateEntry

    init(_ authority: TwoTierAuthority, email: String = "jane@example.com", use: UseLimit? = nil) throws {
        let precertificate = try authority.precertificate(for: email)
        submission = PrecertificateSubmission(precertificate, record: .test(san: email), use: use)
        der = precertificate.der
        entry = .precertificate(
            issuerKeyHash: try authority.issuing.publicKey.sha256,
            tbsCertificate: precertificate.tbsWithoutPoison
        )
    }
}

extension IssuanceRecord {
    static func test(san: String = "jane@example.com") -> IssuanceRecord {
        var record = IssuanceRecord(.issued, RequestID(text: san), at: EntryTimestamp(milliseconds: 0))
        record.san = san
        return record
    }
}
