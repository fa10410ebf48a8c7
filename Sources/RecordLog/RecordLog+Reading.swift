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

    /// The entry at an index with its proof in the newest tree; nil beyond the end. Throws `.log` and `.transparency`.
    public func provenRecord(at index: LeafIndex) async throws(RecordLogError) -> ProvenRecord? {
        guard let record = try await record(at: index) else { return nil }
        let (proof, checkpoint): (InclusionProof, [UInt8])
        do throws(LogError) {
            // Read after the entry, so it covers that.
            let head = try await reader.head()
            proof = try await reader.inclusionProof(of: index, in: head.tree.size)
            checkpoint = head.checkpoint
        } catch {
            throw .log(error)
        }
        do { return try ProvenRecord(record, proof: proof, checkpoint: checkpoint) } catch {
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
