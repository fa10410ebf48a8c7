import Certificates
import Keys
public import Log
import Transparency
import Wire

/// The read side of RFC 6962 §4: each function is one call, its parameters as text from the URL.
extension EmbeddedCertificateLog {
    /// The most entries that one `get-entries` returns; the specification lets a log return fewer than were asked for.
    public static let entriesMax = 256

    /// One of `get-sth`, `get-entries`, `get-proof-by-hash`, `get-sth-consistency`, `get-entry-and-proof` and
    /// `get-roots`. Throws `.notFound` for other names, `.badParameter` for what can't be answered.
    public func call(_ name: some StringProtocol, _ parameters: [String: String]) async throws(LogReadError)
        -> LogDocument
    {
        let parameters = LogParameters(parameters)
        let answer: JSONText =
            switch String(name) {
            case "get-sth": try await treeHead()
            case "get-entries": try await entries(parameters)
            case "get-proof-by-hash": try await proofByHash(parameters)
            case "get-sth-consistency": try await consistency(parameters)
            case "get-entry-and-proof": try await entryAndProof(parameters)
            case "get-roots": roots()
            default: throw .notFound
            }
        return LogDocument(
            bytes: answer.encoded(),
            contentType: "application/json",
            lifetime: .changing,
            isCompressible: true
        )
    }

    /// §4.3
    private func treeHead() async throws(LogReadError) -> JSONText {
        let head = try await reading { reader throws(LogError) in try await reader.head() }
        guard let note = try? SignedNote(encoded: head.checkpoint),
            let signed = try? SignedTreeHead(checkpoint: note, origin: origin, key: key.publicKey)
        else { throw .damaged }
        return .object([
            ("tree_size", .integer(Int64(clamping: signed.head.size.value))),
            ("timestamp", .integer(Int64(clamping: signed.head.timestamp.milliseconds))),
            ("sha256_root_hash", .string(Base64.encode(signed.head.root.bytes))),
            ("tree_head_signature", .string(Base64.encode(signed.signature.encoded))),
        ])
    }

    /// §4.6
    private func entries(_ parameters: LogParameters) async throws(LogReadError) -> JSONText {
        let start = try parameters.number("start")
        let end = try parameters.number("end")
        guard start <= end else { throw .badParameter("end", rule: "must not be before start") }
        let count = Int(min(end - start, UInt64(Self.entriesMax - 1))) + 1
        let entries = try await reading { reader throws(LogError) in
            try await reader.entries(from: LeafIndex(start), count: count)
        }
        guard !entries.isEmpty else { throw .badParameter("start", rule: "must be below the size of the tree") }
        var items: [JSONText] = []
        for entry in entries {
            let (leaf, extra) = try parts(of: entry)
            items.append(.object([("leaf_input", .string(leaf)), ("extra_data", .string(extra))]))
        }
        return .object([("entries", .array(items))])
    }

    /// §4.5
    private func proofByHash(_ parameters: LogParameters) async throws(LogReadError) -> JSONText {
        let hash = try parameters.hash("hash")
        let size = try await size(parameters, "tree_size")
        let index = try await reading { reader throws(LogError) in try await reader.index(ofLeafHash: hash) }
        guard let index, size.contains(index) else { throw .notFound }
        let proof = try await reading { reader throws(LogError) in try await reader.inclusionProof(of: index, in: size)
        }
        return .object([
            ("leaf_index", .integer(Int64(clamping: index.value))), ("audit_path", Self.path(proof.path)),
        ])
    }

    /// §4.4
    private func consistency(_ parameters: LogParameters) async throws(LogReadError) -> JSONText {
        let second = try await size(parameters, "second")
        let first = TreeSize(try parameters.number("first"))
        guard first > .empty, first <= second else {
            throw .badParameter("first", rule: "must be from 1 to second")
        }
        let proof = try await reading { reader throws(LogError) in
            try await reader.consistencyProof(from: first, to: second)
        }
        return .object([("consistency", Self.path(proof.path))])
    }

    /// §4.8
    private func entryAndProof(_ parameters: LogParameters) async throws(LogReadError) -> JSONText {
        let size = try await size(parameters, "tree_size")
        let index = LeafIndex(try parameters.number("leaf_index"))
        guard size.contains(index) else { throw .badParameter("leaf_index", rule: "must be below tree_size") }
        let entries = try await reading { reader throws(LogError) in try await reader.entries(from: index, count: 1) }
        guard let entry = entries.first else { throw .notFound }
        let proof = try await reading { reader throws(LogError) in try await reader.inclusionProof(of: index, in: size)
        }
        let (leaf, extra) = try parts(of: entry)
        return .object([
            ("leaf_input", .string(leaf)), ("extra_data", .string(extra)), ("audit_path", Self.path(proof.path)),
        ])
    }

    /// §4.7
    private func roots() -> JSONText {
        // The last of each chain: what is known to issue it isn't here.
        let roots = issuers.values.filter { certificate in
            !issuers.values.contains { $0 != certificate && certificate.isIssued(by: $0) }
        }
        let texts = roots.map { Base64.encode($0.der) }.sorted()
        return .object([("certificates", .array(texts.map { .string($0) }))])
    }

    /// A tree size that this log has had.
    private func size(_ parameters: LogParameters, _ name: String) async throws(LogReadError) -> TreeSize {
        let size = TreeSize(try parameters.number(name))
        let head = try await reading { reader throws(LogError) in try await reader.head() }
        guard size > .empty, size <= head.tree.size else {
            throw .badParameter(name, rule: "must be from 1 to the size of the tree")
        }
        return size
    }

    private static func path(_ hashes: [MerkleHash]) -> JSONText {
        .array(hashes.map { .string(Base64.encode($0.bytes)) })
    }

    /// `leaf_input` and `extra_data` of an entry.
    ///
    /// ```
    /// struct {                                  RFC 6962 §4.6
    ///     ASN.1Cert pre_certificate;            precertificates only
    ///     ASN.1Cert certificate_chain<0..2^24-1>;
    /// } PrecertChainEntry;
    /// ```
    private func parts(of stored: StoredEntry) throws(LogReadError) -> (leaf: String, extra: String) {
        do {
            let leaf = try TileLeaf(encoded: stored.stored)
            var certificates = TLSWriter()
            for fingerprint in leaf.chain {
                guard let certificate = issuers[fingerprint] else { throw LogReadError.damaged }
                try certificates.vector24(certificate.der)
            }
            var extra = TLSWriter()
            if let precertificate = leaf.precertificate { try extra.vector24(precertificate) }
            try extra.vector24(certificates.bytes)
            return (Base64.encode(try leaf.timestamped.merkleTreeLeaf()), Base64.encode(extra.bytes))
        } catch {
            throw .damaged
        }
    }
}
