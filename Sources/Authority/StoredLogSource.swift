import Certificates
import Keys
import Log
import Monitoring
import Records
import Transparency

/// The log in a data directory as somebody outside sees it, and what only the inside has: records, and the columns
/// beside each entry, which must say the same as the entry.
struct StoredLogSource: LogSource, RecordSource {
    let path: String
    let reader: LogReader
    let issuers: [SHA256Digest: Certificate]

    func read(_ path: String, bytesMax: Int) async throws(MonitoringError) -> [UInt8]? {
        do throws(LogError) {
            if path == "checkpoint" { return try await reader.head().checkpoint }
            if path.hasPrefix("issuer/") {
                return issuers.first { $0.key.hex == path.dropFirst("issuer/".count) }?.value.der
            }
            let name = String(path.dropFirst("tile/".count))
            if let id = try? TileID(dataPath: name) { return try await dataTile(id) }
            guard let id = try? TileID(path: name) else { return nil }
            return try await reader.tile(id)?.bytes
        } catch .damaged(.entryChanged(let index)) {
            throw .fault(.columnsContradictEntry(index))
        } catch .damaged(let damage) {
            throw .fault(.storeDamaged("\(damage)"))
        } catch {
            throw .storeUnavailable(path: self.path)
        }
    }

    func records(from first: LeafIndex, count: Int) async throws(MonitoringError) -> [IssuanceRecord?] {
        do throws(LogError) {
            return try await reader.records(from: first, count: count)
        } catch .damaged(let damage) {
            throw .fault(.storeDamaged("\(damage)"))
        } catch {
            throw .recordsUnavailable
        }
    }

    private func dataTile(_ id: TileID) async throws(LogError) -> [UInt8]? {
        let entries = try await reader.entries(from: LeafIndex(id.index << 8), count: id.width)
        guard entries.count == id.width else { return nil }
        let indices = try await reader.indices(ofLeafHashes: entries.map(\.leafHash))
        for (entry, index) in zip(entries, indices) {
            guard let leaf = try? TileLeaf(encoded: entry.stored),
                let bytes = try? leaf.timestamped.merkleTreeLeaf(), MerkleTree.leafHash(bytes) == entry.leafHash,
                leaf.timestamped.timestamp == entry.timestamp, let index, index <= entry.index
            else { throw .damaged(.entryChanged(entry.index)) }
        }
        return Array(entries.map(\.stored).joined())
    }
}
