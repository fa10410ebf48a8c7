import Authority
import CertificateLog
import Certificates
import Keys
import Log
import Records
import Transparency
import Wire

/// An entry of a log with all that belongs to it, its proof checked.
struct ShownEntry {
    private let entry: StoredEntry
    private let leaf: TileLeaf
    private let certificate: Certificate
    private let names: [SubjectAlternativeName]
    private let extensions: IdentityExtensions
    private let issuers: [(fingerprint: SHA256Digest, certificate: Certificate?)]
    private let record: IssuanceRecord?
    private let proof: InclusionProof
    private let head: TreeHead

    /// Reads an entry of the tree. Throws what is wrong with it: an entry that isn't in the signed tree, or doesn't
    /// decode.
    init(
        _ index: LeafIndex,
        of log: OfflineLog,
        _ embedded: OfflineLog.Embedded,
        head: LogHead
    ) async throws {
        guard let entry = try await embedded.reader.entries(from: index, count: 1).first, entry.index == index else {
            throw LogError.damaged(.entryMissing(index))
        }
        leaf = try TileLeaf(encoded: entry.stored)
        let hash = MerkleTree.leafHash(try leaf.timestamped.merkleTreeLeaf())
        guard hash == entry.leafHash else { throw LogError.damaged(.entryChanged(index)) }
        proof = try await embedded.reader.inclusionProof(of: index, in: head.tree.size)
        try proof.verify(leafHash: hash, root: head.tree.root)
        let der: [UInt8] =
            switch leaf.timestamped.entry {
            case .x509(let certificate): certificate
            case .precertificate(_, let tbs): leaf.precertificate ?? tbs
            }
        certificate = try Certificate(der: der)
        names = try certificate.subjectAlternativeNames()
        extensions = try certificate.identityExtensions()
        issuers = leaf.chain.map { ($0, embedded.issuers[$0]) }
        // The leaf's hash covers what the certificate says without poison, and not the signed precertificate.
        if case .precertificate(_, let tbs) = leaf.timestamped.entry {
            guard try certificate.precertificateTBS() == tbs else { throw LogError.damaged(.entryChanged(index)) }
        }
        if let issuer = issuers.first?.certificate { try certificate.verify(issuedBy: issuer) }
        record = try log.record(of: index)
        self.entry = entry
        self.head = head.tree
    }

    /// The certificate and its issuers, as far as they are known.
    var pem: String { certificate.pem + issuers.compactMap(\.certificate?.pem).joined() }

    private var kind: String { leaf.precertificate == nil ? "certificate" : "precertificate" }

    private var serial: String {
        (try? SerialNumber(bytes: certificate.serialNumber).hex) ?? Hexadecimal.encode(certificate.serialNumber)
    }

    private func name(of issuer: Certificate?) -> String? {
        issuer.flatMap { try? $0.subjectText() }
    }

    /// For people.
    var lines: [String] {
        var rows: [(String, String)] = [
            ("entry", "\(entry.index) of \(head.size)"), ("logged", UTCTime.text(leaf.timestamped.timestamp)),
            ("leaf hash", entry.leafHash.description),
            ("proof", "verified: \(proof.path.count) hashes to the checkpoint of size \(head.size)"),
            (kind, "SHA-256 \(certificate.fingerprint.hex)"), ("serial", serial),
            (
                "valid",
                "\(UTCTime.text(seconds: certificate.notBeforeSeconds)) to "
                    + UTCTime.text(seconds: certificate.notAfterSeconds)
            ),
        ]
        rows += names.map { (Self.kind(of: $0), $0.text) }
        rows += extensions.ordered.map { ($0.id.name, $0.text) }
        for issuer in issuers {
            let name = name(of: issuer.certificate) ?? "not among the chains of the configuration"
            rows.append(("issuer", "\(name)  SHA-256 \(issuer.fingerprint.hex)"))
        }
        if let record {
            rows += Self.rows(of: record)
        } else {
            rows.append(("record", "none"))
        }
        let width = (rows.map(\.0.count).max() ?? 0) + 2
        return rows.map { name, text in
            name + String(repeating: " ", count: width - name.count) + PlainText.escaped(text)
        }
    }

    private static func rows(of record: IssuanceRecord) -> [(String, String)] {
        let rows: [(String, String?)] = [
            ("request", record.requestID.text), ("token issuer", record.issuer), ("issuer type", record.issuerType),
            ("token subject", record.subject), ("token key", record.keyID), ("rule", record.rule),
            ("reason", record.reason),
        ]
        return rows.compactMap { name, text in text.map { (name, $0) } }
    }

    private static func kind(of name: SubjectAlternativeName) -> String {
        switch name {
        case .email: "email"
        case .uri: "uri"
        case .otherName: "username"
        }
    }

    /// For programs.
    var json: JSONText {
        let names = names.map { JSONText.object([("type", .string(Self.kind(of: $0))), ("text", .string($0.text))]) }
        let extensions = extensions.ordered.map { id, text in
            JSONText.object([("oid", .string(id.dotted)), ("name", .string(id.name)), ("text", .string(text))])
        }
        let issuers = issuers.map { issuer in
            JSONText.object([
                ("sha256", .string(issuer.fingerprint.hex)),
                ("subject", name(of: issuer.certificate).map { .string($0) } ?? .null),
            ])
        }
        return .object([
            ("index", .integer(Int64(clamping: entry.index.value))),
            ("timestampMilliseconds", .integer(Int64(clamping: leaf.timestamped.timestamp.milliseconds))),
            ("leafHash", .string(entry.leafHash.description)), ("type", .string(kind)),
            ("sha256", .string(certificate.fingerprint.hex)), ("serial", .string(serial)),
            ("notBeforeSeconds", .integer(certificate.notBeforeSeconds)),
            ("notAfterSeconds", .integer(certificate.notAfterSeconds)), ("names", .array(names)),
            ("extensions", .array(extensions)), ("issuers", .array(issuers)),
            ("record", record?.json(logIndex: entry.index, certificate: nil, tokenUse: nil) ?? .null),
            (
                "proof",
                .object([
                    ("verified", .bool(true)), ("treeSize", .integer(Int64(clamping: head.size.value))),
                    ("rootHash", .string(head.root.description)),
                    ("hashes", .array(proof.path.map { .string($0.description) })),
                ])
            ),
            ("pem", .string(pem)),
        ])
    }
}
