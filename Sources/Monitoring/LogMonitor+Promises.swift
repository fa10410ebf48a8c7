public import Certificates
import Keys
public import Transparency

extension LogMonitor {
    /// Checks the promise inside a certificate: that its timestamp is signed by this log, and that the log has the entry
    /// at the place that the timestamp names, in the tree of `head`. The hash tiles give the proof; entries aren't read.
    /// Returns the place, or why the promise is broken. Throws what the source throws.
    public func checkPromise(
        of certificate: Certificate,
        issuer: Certificate,
        in head: TreeHead
    ) async throws(MonitoringError) -> Result<LeafIndex, BrokenPromise> {
        let promise: (index: LeafIndex, hash: MerkleHash)
        do throws(BrokenPromise) { promise = try self.promise(of: certificate, issuer: issuer) } catch {
            return .failure(error)
        }
        guard let plan = try? ProofPlan.inclusion(of: promise.index, in: head.size) else {
            return .failure(.beyondEnd(promise.index))
        }
        var tiles: [TileID: [UInt8]] = [:]
        for id in plan.tiles { tiles[id] = try await source.hashTile(id).bytes }
        guard let path = try? plan.hashes(from: tiles),
            (try? InclusionProof(index: promise.index, size: head.size, path: path)
                .verify(leafHash: promise.hash, root: head.root)) != nil
        else { return .failure(.notIncluded(promise.index)) }
        return .success(promise.index)
    }

    /// The leaf that this log's timestamp in the certificate promises.
    private func promise(
        of certificate: Certificate,
        issuer: Certificate
    ) throws(BrokenPromise) -> (index: LeafIndex, hash: MerkleHash) {
        guard let list = try? certificate.sctList(),
            let timestamps = try? SignedCertificateTimestamp.timestamps(inList: list),
            let timestamp = timestamps.first(where: { $0.logID == LogID(of: key) })
        else { throw .noTimestamp }
        guard let tbs = try? certificate.precertificateTBS() else { throw .noTimestamp }
        let entry = CertificateEntry.precertificate(
            issuerKeyHash: SHA256Digest(hashing: issuer.subjectPublicKeyInfo),
            tbsCertificate: tbs
        )
        guard (try? timestamp.verify(entry, key: key)) != nil else { throw .signatureInvalid }
        let timestamped = TimestampedEntry(
            timestamp: timestamp.timestamp,
            entry: entry,
            extensions: timestamp.extensions
        )
        guard let index = try? timestamp.extensions.leafIndex(), let leaf = try? timestamped.merkleTreeLeaf() else {
            throw .noPlace
        }
        return (index, MerkleTree.leafHash(leaf))
    }
}
