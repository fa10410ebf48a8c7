import Authority
import Certificates
import Identity
import Wire

/// The answers about the authority itself. What doesn't change while the process runs is written once.
struct AuthorityDocuments: Sendable {
    /// `GET /api/v2/trustBundle` (API-40): PEMs keep their newline here.
    let trustBundle: [UInt8]
    /// `GET /api/v1/rootCert` (API-55): a blank line between certificates, none at the end.
    let rootCertificate: [UInt8]
    /// `GET /healthz` (API-57).
    let health = Array(#"{"status":"SERVING"}"#.utf8)

    /// Writes the answers.
    init(authority: Authority) {
        let pems = authority.chain.certificates.map(\.pem)
        trustBundle = JSONText.object([
            ("chains", .array([.object([("certificates", .array(pems.map { .string($0) }))])]))
        ]).encoded()
        var joined = pems.joined(separator: "\n")
        while joined.hasSuffix("\n") { joined.removeLast() }
        rootCertificate = Array(joined.utf8)
    }

    /// `GET /api/v2/configuration` (API-45), in a stable order (API-46 [Q]); a reload changes it.
    static func configuration(_ rows: [IssuerRow]) -> [UInt8] {
        JSONText.object([("issuers", .array(rows.map(row)))]).encoded()
    }

    /// API-10: every field is there, also an empty one; of the two names only the one that is set.
    private static func row(_ row: IssuerRow) -> JSONText {
        .object([
            (row.isPattern ? "wildcardIssuerUrl" : "issuerUrl", .string(row.url)),
            ("audience", .string(row.audience)),
            ("challengeClaim", .string(row.challengeClaim)),
            ("spiffeTrustDomain", .string(row.spiffeTrustDomain)),
            ("issuerType", .string(row.issuerType)),
            ("subjectDomain", .string(row.subjectDomain)),
            ("skipEmailVerification", .bool(row.skipEmailVerification)),
        ])
    }
}
