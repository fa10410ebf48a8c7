import Certificates
import Keys
import Transparency

/// Step D: a certificate log that was in use has promised to show the certificate, before it was signed (client
/// specification §4.4; RFC 6962 §3.2). Only timestamps in the certificate itself count; those of logs that are not in the
/// trusted root are passed over.
struct PromiseStep {
    let logs: [TrustedLog]
    /// Each with the certificate first and its issuer second.
    let paths: [[Certificate]]

    /// For people: the log that promised. Throws each of the problems.
    func run() throws(PromiseProblem) -> String {
        guard let certificate = paths.first?.first else { throw .missing }
        let (timestamps, tbs) = try Self.read(certificate)
        let issuers = Set(paths.compactMap { $0.dropFirst().first?.subjectPublicKeyInfo })
        var name: String?
        for timestamp in timestamps {
            guard let log = logs.first(where: { $0.id == timestamp.logID.bytes }) else { continue }
            let isSigned = issuers.contains { issuer in
                let entry = CertificateEntry.precertificate(
                    issuerKeyHash: SHA256Digest(hashing: issuer),
                    tbsCertificate: tbs
                )
                return (try? timestamp.verify(entry, key: log.key)) != nil
            }
            guard isSigned else { throw .signatureInvalid(log: log.baseURL) }
            guard log.window.contains(milliseconds: Int64(clamping: timestamp.timestamp.milliseconds)) else {
                throw .outsideWindow(log: log.baseURL)
            }
            name = name ?? log.baseURL
        }
        guard let name else { throw .logUnknown }
        return name
    }

    private static func read(
        _ certificate: Certificate
    ) throws(PromiseProblem) -> ([SignedCertificateTimestamp], tbs: [UInt8]) {
        let list: [UInt8]?
        let tbs: [UInt8]
        do {
            list = try certificate.sctList()
            tbs = try certificate.precertificateTBS()
        } catch {
            throw .malformed
        }
        guard let list else { throw .missing }
        do { return (try SignedCertificateTimestamp.timestamps(inList: list), tbs) } catch { throw .malformed }
    }
}
