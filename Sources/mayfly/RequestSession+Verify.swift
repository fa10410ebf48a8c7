import Certificates
import Keys
import Transparency
import Wire

extension RequestSession {
    /// Checks the answer as one who trusts the roots and the log's key, and nothing else.
    func verify(_ answer: RequestAnswer, key: SigningKey) async throws(RequestFailure) {
        try verifyCertificate(answer, key: key)
        try verifyChain(answer)
        guard let logKey else {
            steps.skipped("log not checked", "no --log-key: its promise and its proof are taken on trust")
            return
        }
        let timestamp = try verifyTimestamp(answer, logKey: logKey)
        try await verifyInclusion(answer, timestamp: timestamp, logKey: logKey)
    }

    private func verifyCertificate(_ answer: RequestAnswer, key: SigningKey) throws(RequestFailure) {
        guard answer.leaf.subjectPublicKeyInfo == key.publicKey.subjectPublicKeyInfo else {
            throw .notVerified(check: "certificate", problem: "it is for another key")
        }
        let lifetime = answer.leaf.notAfterSeconds - answer.leaf.notBeforeSeconds
        let names: [SubjectAlternativeName]
        let issuer: String?
        do throws(CertificatesError) {
            names = try answer.leaf.subjectAlternativeNames()
            issuer = try answer.leaf.identityExtensions()[.issuerV2]
        } catch {
            throw .notVerified(check: "certificate", problem: "\(error)")
        }
        steps.done("it names", names.map(\.text).joined(separator: ", "))
        steps.done("identified by", issuer ?? "an issuer it doesn't name")
        steps.done("it is valid for", "\(lifetime) seconds")
    }

    private func verifyChain(_ answer: RequestAnswer) throws(RequestFailure) {
        let path = [answer.leaf] + answer.chain
        for (certificate, issuer) in zip(path, path.dropFirst()) {
            do {
                try certificate.verify(issuedBy: issuer)
            } catch {
                throw .notVerified(check: "chain", problem: "\(error)")
            }
        }
        let seconds = SystemClock.now().seconds
        guard path.allSatisfy({ $0.isValid(atSeconds: seconds) }) else {
            throw .notVerified(check: "chain", problem: "a certificate isn't valid now")
        }
        guard let trustedRoots else {
            steps.skipped("chain not anchored", "no --roots: the server's own root was taken on trust")
            return
        }
        guard let root = path.last, trustedRoots.contains(root) else {
            throw .notVerified(check: "chain", problem: "it doesn't end at a root you trust")
        }
        steps.done("chain verified", "up to a root you trust")
    }

    /// RFC 6962 §3.2: one promise, by this log, about exactly this certificate.
    private func verifyTimestamp(
        _ answer: RequestAnswer,
        logKey: PublicKey
    ) throws(RequestFailure) -> SignedCertificateTimestamp {
        do {
            guard let list = try answer.leaf.sctList(),
                let timestamp = try SignedCertificateTimestamp.timestamps(inList: list).first
            else { throw RequestFailure.notVerified(check: "timestamp", problem: "there is none") }
            try timestamp.verify(try Self.entry(of: answer), key: logKey)
            steps.done("log's promise verified", "signed by the key you trust")
            return timestamp
        } catch let failure as RequestFailure {
            throw failure
        } catch {
            throw .notVerified(check: "timestamp", problem: "\(error)")
        }
    }

    static func entry(of answer: RequestAnswer) throws -> CertificateEntry {
        guard let issuer = answer.chain.first else { throw RequestFailure.answerUnreadable("no issuing certificate") }
        return .precertificate(
            issuerKeyHash: SHA256Digest(hashing: issuer.subjectPublicKeyInfo),
            tbsCertificate: try answer.leaf.precertificateTBS()
        )
    }

    /// Asks the log for its signed tree and for the way from this certificate's leaf to the root, and walks it.
    private func verifyInclusion(
        _ answer: RequestAnswer,
        timestamp: SignedCertificateTimestamp,
        logKey: PublicKey
    ) async throws(RequestFailure) {
        let checkpoint = try await fetch("/ct/checkpoint")
        do {
            let note = try SignedNote(encoded: checkpoint)
            let origin = try Checkpoint(text: note.text).origin
            let head = try SignedTreeHead(checkpoint: note, origin: origin, key: logKey).head
            let entry = try Self.entry(of: answer)
            let leaf = TimestampedEntry(
                timestamp: timestamp.timestamp,
                entry: entry,
                extensions: timestamp.extensions
            )
            let hash = MerkleTree.leafHash(try leaf.merkleTreeLeaf())
            let query = Base64.encode(hash.bytes).replacing("+", with: "%2B").replacing("/", with: "%2F")
                .replacing("=", with: "%3D")
            let body = try await fetch("/ct/v1/get-proof-by-hash?hash=\(query)&tree_size=\(head.size.value)")
            let proof = try Self.proof(in: body, size: head.size)
            try proof.verify(leafHash: hash, root: head.root)
            steps.done(
                "log's proof verified",
                "entry \(proof.index.value) of \(head.size.value), \(proof.path.count) hashes"
            )
        } catch let failure as RequestFailure {
            throw failure
        } catch {
            throw .notVerified(check: "inclusion", problem: "\(error)")
        }
    }

    /// RFC 6962 §4.5: `{"leaf_index": …, "audit_path": [base64, …]}`.
    private static func proof(in body: [UInt8], size: TreeSize) throws(RequestFailure) -> InclusionProof {
        guard let answer = try? JSON.parse(body), let index = answer["leaf_index"]?.integer, index >= 0,
            let path = answer["audit_path"]?.elements
        else { throw .answerUnreadable("the log's proof") }
        var hashes: [MerkleHash] = []
        for item in path {
            guard let text = item.utf8Bytes, let bytes = try? Base64.decodeLenient(text),
                let hash = MerkleHash(bytes: bytes)
            else { throw .answerUnreadable("the log's proof") }
            hashes.append(hash)
        }
        return InclusionProof(index: LeafIndex(UInt64(index)), size: size, path: hashes)
    }
}
