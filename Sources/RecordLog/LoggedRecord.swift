import Log
public import Transparency

/// An entry in its place.
public struct LoggedRecord: Sendable, Hashable {
    /// Its place.
    public let index: LeafIndex
    /// When the log took it. No part of the leaf, and so of no proof: Rekor v1 signs it by itself.
    public let timestamp: EntryTimestamp
    /// The canonical JSON.
    public let body: [UInt8]
    /// The leaf's hash.
    public let leafHash: MerkleHash

    /// The time as Rekor v1 says it, in seconds since 1970.
    public var integratedSeconds: Int64 { timestamp.seconds }

    init(index: LeafIndex, timestamp: EntryTimestamp, body: [UInt8], leafHash: MerkleHash) {
        self.index = index
        self.timestamp = timestamp
        self.body = body
        self.leafHash = leafHash
    }

    /// Reads a stored entry, whose leaf hash must be the body's. Throws `.damaged`.
    init(_ stored: StoredEntry) throws(LogError) {
        guard let body = try? RecordBody.bytes(of: stored.stored) else {
            throw .damaged(.entryUnreadable(stored.index))
        }
        guard MerkleTree.leafHash(body) == stored.leafHash else { throw .damaged(.entryChanged(stored.index)) }
        self.init(index: stored.index, timestamp: stored.timestamp, body: body, leafHash: stored.leafHash)
    }
}
