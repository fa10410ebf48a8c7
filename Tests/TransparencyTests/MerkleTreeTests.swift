import TestKit
import Testing
import Transparency

@Suite("RFC 6962 §2.1 (reference tree)")
struct MerkleTreeTests {
    @Test(arguments: ReferenceTree.roots.indices)
    func rootIsTheReferences(size: Int) {
        #expect(
            hex(MerkleTree.root(of: Array(ReferenceTree.leafHashes.prefix(size))).bytes) == ReferenceTree.roots[size]
        )
    }

    @Test
    func emptyRootIsTheHashOfNothing() {
        #expect(hex(MerkleTree.emptyRoot.bytes) == ReferenceTree.roots[0])
    }

    @Test
    func rootIsTheRecursiveDefinitionForEverySizeToThreeHundred() {
        let leaves = NaiveTree.leaves(300)
        for size in 0...leaves.count {
            #expect(MerkleTree.root(of: Array(leaves.prefix(size))) == NaiveTree.root(leaves.prefix(size)))
        }
    }

    @Test
    func leafIsNeverANode() {
        let (left, right) = (ReferenceTree.leafHashes[0], ReferenceTree.leafHashes[1])
        #expect(MerkleTree.leafHash(left.bytes + right.bytes) != MerkleTree.nodeHash(left, right))
    }

    @Test(arguments: [0, 31, 33])
    func hashOfAnotherLengthIsRefused(count: Int) {
        #expect(MerkleHash(bytes: [UInt8](repeating: 0, count: count)) == nil)
    }
}
