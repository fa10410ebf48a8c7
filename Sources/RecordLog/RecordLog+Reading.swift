public import Log
public import Transparency

extension RecordLog {
    /// The entry at an index; nil beyond the end. Throws `.log`.
    public func record(at index: LeafIndex) async throws(RecordLogError) -> LoggedRecord? {
        do throws(LogError) {
            return try await reader.entries(from: index, count: 1).first.map { entry throws(LogError) in
                try LoggedRecord(entry)
            }
        } catch {
            throw .log(error)
        }
    }

    /// Where the entry with this leaf hash is; nil when there is none. Throws `.log`.
    public func index(ofLeafHash hash: MerkleHash) async throws(RecordLogError) -> LeafIndex? {
        do { return try await reader.index(ofLeafHash: hash) } catch { throw .log(error) }
    }

    /// The newest tree, which is what its checkpoint says, signed with the log's key: so a store can't have another tree
    /// signed. Throws `.log`.
    func verifiedHead() async throws(RecordLogError) -> StoredHead {
        let head: StoredHead
        do { head = try await reader.head() } catch { throw .log(error) }
        guard headVerified.withLock({ $0 }) != head else { return head }
        let opener = RecordCheckpointReader(key: publicKey, origin: origin)
        guard let said = try? opener.open(head.checkpoint, keptAt: head.tree.timestamp) else {
            throw .log(.damaged(.checkpointInvalid))
        }
        guard said == head.tree else { throw .log(.damaged(.headContradictsCheckpoint)) }
        headVerified.withLock { $0 = head }
        return head
    }

    /// The entry at an index with its proof, verified, in the newest tree; nil beyond the end. Throws `.log` and
    /// `.transparency`.
    public func provenRecord(at index: LeafIndex) async throws(RecordLogError) -> ProvenRecord? {
        guard let record = try await record(at: index) else { return nil }
        // Read after the entry, so it covers that.
        let head = try await verifiedHead()
        let proof: InclusionProof
        do { proof = try await reader.inclusionProof(of: index, in: head.tree.size) } catch { throw .log(error) }
        guard (try? proof.verify(leafHash: record.leafHash, root: head.tree.root)) != nil else {
            throw .log(.damaged(.entryChanged(index)))
        }
        do { return try ProvenRecord(record, proof: proof, checkpoint: head.checkpoint) } catch {
            throw .transparency(error)
        }
    }

    /// `checkpoint`, `tile/<L>/<N>[.p/<W>]` or `tile/entries/<N>[.p/<W>]` (C2SP tlog-tiles). Throws `.notFound` for every
    /// other path, and `.unavailable`.
    public func document(at path: some StringProtocol) async throws(LogReadError) -> LogDocument {
        if path == "checkpoint" { return try await reader.checkpointDocument() }
        guard path.hasPrefix("tile/") else { throw .notFound }
        let tile = String(path.dropFirst("tile/".count))
        guard let id = try? TileID(entriesPath: tile) else {
            return try await reader.tileDocument(at: tile, of: logID)
        }
        return try await reader.dataTileDocument(id, at: tile, of: logID)
    }
}
