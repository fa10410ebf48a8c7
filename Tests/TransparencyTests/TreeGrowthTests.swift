import Keys
import Testing
import Transparency

@Suite("RFC 6962 §2.1.1: proofs of new leaves from the tree's edge")
struct TreeGrowthTests {
    private let leaves = (0..<600).map { MerkleTree.leafHash([UInt8($0 >> 8), UInt8($0 & 0xFF)]) }

    private func growth(from old: Int, by count: Int) throws -> TreeGrowth {
        var edge = TreeEdge()
        _ = try edge.append(Array(leaves.prefix(old)))
        return try TreeGrowth(on: edge, leaves: Array(leaves[old..<old + count]))
    }

    @Test
    func everyNewLeafIsProvenWhateverTheSizes() throws {
        let sizes = Array(0...40) + [63, 64, 65, 127, 128, 129, 254, 255, 256, 257, 300, 511, 512, 513]
        for old in sizes {
            for count in [1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 33, 64] where old + count <= leaves.count {
                let growth = try growth(from: old, by: count)
                let root = MerkleTree.root(of: Array(leaves.prefix(old + count)))
                #expect(growth.root == root, "\(old) + \(count)")
                for index in old..<old + count {
                    let proof = try growth.inclusionProof(of: LeafIndex(UInt64(index)))
                    #expect(proof.size == TreeSize(UInt64(old + count)))
                    try proof.verify(leafHash: leaves[index], root: root)
                }
            }
        }
    }

    @Test
    func oldLeavesAndLaterOnesAreNotProven() throws {
        let growth = try growth(from: 5, by: 3)
        for index in [0, 4, 8, 9] as [UInt64] {
            #expect(throws: TransparencyError.indexOutsideTree(index: LeafIndex(index), size: TreeSize(8))) {
                try growth.inclusionProof(of: LeafIndex(index))
            }
        }
    }

    @Test
    func nothingAddedIsNoRoot() throws {
        #expect(try growth(from: 5, by: 0).root == nil)
    }
}
