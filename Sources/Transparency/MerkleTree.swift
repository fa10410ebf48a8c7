import Keys

/// The hashes of RFC 6962 §2.1.
public enum MerkleTree {
    /// The hash of the tree without leaves: SHA-256 of nothing.
    public static let emptyRoot = MerkleHash(SHA256Digest(hashing: [UInt8]()))

    /// `SHA-256(0x00 || leaf)`; for a certificate log, `leaf` is the MerkleTreeLeaf of RFC 6962 §3.4.
    public static func leafHash(_ leaf: [UInt8]) -> MerkleHash {
        var input: [UInt8] = []
        input.reserveCapacity(1 + leaf.count)
        input.append(0x00)
        input.append(contentsOf: leaf)
        return MerkleHash(SHA256Digest(hashing: input))
    }

    /// `SHA-256(0x01 || left || right)`.
    public static func nodeHash(_ left: MerkleHash, _ right: MerkleHash) -> MerkleHash {
        var input: [UInt8] = []
        input.reserveCapacity(1 + 2 * MerkleHash.byteCount)
        input.append(0x01)
        input.append(contentsOf: left.bytes)
        input.append(contentsOf: right.bytes)
        return MerkleHash(SHA256Digest(hashing: input))
    }

    /// The Merkle Tree Hash over hashes of leaves, or over hashes of equally high perfect subtrees.
    public static func root(of hashes: [MerkleHash]) -> MerkleHash {
        // A pass joins neighbours; an odd one at the end moves up unchanged, which is the split at the largest
        // power of two smaller than the count that RFC 6962 §2.1 prescribes.
        var level = hashes
        while level.count > 1 {
            var next: [MerkleHash] = []
            next.reserveCapacity((level.count + 1) / 2)
            for start in stride(from: 0, to: level.count, by: 2) {
                next.append(start + 1 < level.count ? nodeHash(level[start], level[start + 1]) : level[start])
            }
            level = next
        }
        return level.first ?? emptyRoot
    }
}
