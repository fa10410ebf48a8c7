import Certificates
import Keys
import Log
import Records
import Transparency
import Wire

/// A certificate or precertificate under a CA of this log, as somebody handed it in: checked.
///
/// Nothing is asked of its times: an expired certificate of ours that is found somewhere is one that monitors want to
/// see (RFC 6962 §3.1 lets a log take those). Only the log's own CA certificates may stand above it, since a log must
/// serve each.
struct ChainSubmission {
    /// The most certificates in a chain.
    static let certificatesMax = 8

    /// What was handed in.
    let certificate: Certificate
    /// What the log would hold of it.
    let entry: CertificateEntry
    /// The CA certificates above it, up to one that no other is above.
    let path: [Certificate]

    /// Reads and checks the body of a call.
    ///
    /// ```
    /// {"chain": [base64, …]}        RFC 6962 §4.1, §4.2: the certificate first, each certified by the next; the root
    ///                               may be missing
    /// ```
    init(
        _ call: SubmissionCall,
        body: [UInt8],
        issuers: [SHA256Digest: Certificate]
    ) throws(SubmissionProblem) {
        var certificates = try Self.certificates(body)[...]
        guard let first = certificates.popFirst() else { throw .bodyUnparsable }
        path = try Self.path(from: first, through: certificates, issuers)
        guard let issuer = path.first else { throw .issuerUnknown(index: 0) }
        certificate = first
        entry = try Self.entry(call, first, issuer)
    }

    /// The serial number as records have it: its first 64 hexadecimal digits. RFC 5280's 20 octets have at most 40, but
    /// nothing holds a certificate to them that was made elsewhere, and an index entry of PostgreSQL has a limit.
    var serialHex: String { String(certificate.serialHex.prefix(64)) }

    /// Lets one entry of it into the log, whoever else is handed it at the same time; never forgotten.
    var once: UseLimit {
        get throws(CertificateLogError) {
            do throws(TransparencyError) {
                let entry = TimestampedEntry(
                    timestamp: EntryTimestamp(milliseconds: 0),
                    entry: entry,
                    extensions: .none
                )
                let digest = SHA256Digest(hashing: Array("submission\n".utf8) + (try entry.merkleTreeLeaf()))
                return UseLimit(key: digest, usesMax: 1, expirySeconds: .max)
            } catch {
                throw .transparency(error)
            }
        }
    }

    /// What auditors search by.
    func record(at timestamp: EntryTimestamp) -> IssuanceRecord {
        var record = IssuanceRecord(.submitted, .random(), at: timestamp)
        record.serialHex = serialHex
        record.precertificate = certificate.fingerprint
        record.notBeforeSeconds = certificate.notBeforeSeconds
        record.san = try? certificate.subjectAlternativeNames().first?.text
        record.issuer = (try? certificate.identityExtensions())?[.issuer]
        return record
    }

    private static func certificates(_ body: [UInt8]) throws(SubmissionProblem) -> [Certificate] {
        let limits = JSONLimits(bytesMax: body.count, depthMax: 4, valuesMax: 64)
        guard let texts = (try? JSON.parse(body, limits: limits))?["chain"]?.elements,
            (1...certificatesMax).contains(texts.count)
        else { throw .bodyUnparsable }
        var certificates: [Certificate] = []
        for (index, text) in texts.enumerated() {
            guard let text = text.utf8Bytes, let der = try? Base64.decode(text) else { throw .bodyUnparsable }
            guard let certificate = try? Certificate(der: der), (try? certificate.isDER) == true else {
                throw .certificateUnparsable(index: index)
            }
            certificates.append(certificate)
        }
        return certificates
    }

    private static func entry(
        _ call: SubmissionCall,
        _ certificate: Certificate,
        _ issuer: Certificate
    ) throws(SubmissionProblem) -> CertificateEntry {
        switch call {
        case .addChain:
            guard !certificate.isPrecertificate else { throw .precertificate }
            return .x509(certificate: certificate.der)
        case .addPreChain:
            guard (try? certificate.hasValidPoison) == true else { throw .poisonMissing }
            let list: [UInt8]?
            let tbs: [UInt8]
            do throws(CertificatesError) {
                list = try certificate.sctList()
                tbs = try certificate.precertificateTBS()
            } catch {
                throw .certificateUnparsable(index: 0)
            }
            guard list == nil else { throw .timestamped }
            return .precertificate(
                issuerKeyHash: SHA256Digest(hashing: issuer.subjectPublicKeyInfo),
                tbsCertificate: tbs
            )
        }
    }

    /// The submitted CA certificates, and those of ours that are above them.
    private static func path(
        from first: Certificate,
        through submitted: ArraySlice<Certificate>,
        _ issuers: [SHA256Digest: Certificate]
    ) throws(SubmissionProblem) -> [Certificate] {
        var child = first
        var path: [Certificate] = []
        for (index, parent) in submitted.enumerated() {
            guard issuers[parent.fingerprint] != nil else { throw .issuerUnknown(index: index + 1) }
            guard child.isIssued(by: parent) else { throw .notIssuedByNext(index: index) }
            path.append(parent)
            child = parent
        }
        while path.count < issuers.count,
            let parent = issuers.values.first(where: { $0 != child && child.isIssued(by: $0) })
        {
            path.append(parent)
            child = parent
        }
        return path
    }
}

extension Certificate {
    /// Whether `issuer`'s name and key are those that signed it.
    func isIssued(by issuer: Certificate) -> Bool {
        (try? verify(issuedBy: issuer)) != nil
    }
}
