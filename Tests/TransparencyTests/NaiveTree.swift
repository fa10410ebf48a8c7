import Keys
import Transparency

/// RFC 6962 §2.1 word by word, over all leaf hashes at once: slow, and nothing in common with the room's code.
enum NaiveTree {
    static func leaves(_ count: Int) -> [MerkleHash] {
        (0..<count).map { MerkleTree.leafHash(Array("leaf \($0)".utf8)) }
    }

    /// MTH(D[n]).
    static func root(_ leaves: ArraySlice<MerkleHash>) -> MerkleHash {
        guard let first = leaves.first else { return MerkleHash(SHA256Digest(hashing: [UInt8]())) }
        guard leaves.count > 1 else { return first }
        let (left, right) = split(leaves)
        return MerkleHash(SHA256Digest(hashing: [0x01] + root(left).bytes + root(right).bytes))
    }

    /// PATH(m, D[n]).
    static func path(_ m: Int, _ leaves: ArraySlice<MerkleHash>) -> [MerkleHash] {
        guard leaves.count > 1 else { return [] }
        let (left, right) = split(leaves)
        return m < left.count
            ? path(m, left) + [root(right)]
            : path(m - left.count, right) + [root(left)]
    }

    /// SUBPROOF(m, D[n], b).
    static func consistency(_ m: Int, _ leaves: ArraySlice<MerkleHash>, isComplete: Bool = true) -> [MerkleHash] {
        if m == leaves.count { return isComplete ? [] : [root(leaves)] }
        let (left, right) = split(leaves)
        return m <= left.count
            ? consistency(m, left, isComplete: isComplete) + [root(right)]
            : consistency(m - left.count, right, isComplete: false) + [root(left)]
    }

    private static func split(
        _ leaves: ArraySlice<MerkleHash>
    ) -> (ArraySlice<MerkleHash>, ArraySlice<MerkleHash>) {
        var k = 1
        while k * 2 < leaves.count { k *= 2 }
        return (leaves.prefix(k), leaves.dropFirst(k))
    }
}
