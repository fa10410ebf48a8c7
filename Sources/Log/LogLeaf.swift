/// One leaf of a log, in the two forms a log needs.
public struct LogLeaf: Sendable, Equatable {
    /// What the leaf hash covers; for a certificate log the MerkleTreeLeaf of RFC 6962 §3.4.
    public let merkleLeaf: [UInt8]
    /// What is kept and served: a data tile is the concatenation of these (C2SP static-ct-api, "Log Entries").
    /// The Merkle leaf must be recoverable from it, see ``MerkleLeafReader``.
    public let stored: [UInt8]

    /// Puts the two forms together.
    public init(merkleLeaf: [UInt8], stored: [UInt8]) {
        self.merkleLeaf = merkleLeaf
        self.stored = stored
    }
}

/// Finds the Merkle leaf in the stored form of a leaf; throws when the bytes are no leaf. Pure: start-up and audits use
/// it to recompute leaf hashes.
public typealias MerkleLeafReader = @Sendable (_ stored: [UInt8]) throws -> [UInt8]
