import TestKit
import Testing
import Transparency

@Suite("RFC 6962 §2.1.1, §2.1.2; RFC 9162 §2.1.3, §2.1.4")
struct ProofTests {
    static let leaves = NaiveTree.leaves(64)

    @Test(arguments: ReferenceTree.inclusions.indices)
    func inclusionProofIsTheReferences(_ row: Int) throws {
        let (index, size, path) = ReferenceTree.inclusions[row]
        let proof = try StoredTiles(ReferenceTree.leafHashes).inclusionProof(index, in: size)
        #expect(proof.path.map { hex($0.bytes) } == path)
        let root = try #require(MerkleHash(bytes: bytes(ReferenceTree.roots[Int(size)])))
        try proof.verify(leafHash: ReferenceTree.leafHashes[Int(index)], root: root)
    }

    @Test(arguments: ReferenceTree.consistencies.indices)
    func consistencyProofIsTheReferences(_ row: Int) throws {
        let (from, to, path) = ReferenceTree.consistencies[row]
        let proof = try StoredTiles(ReferenceTree.leafHashes).consistencyProof(from, to)
        #expect(proof.path.map { hex($0.bytes) } == path)
        let roots = try [from, to].map { try #require(MerkleHash(bytes: bytes(ReferenceTree.roots[Int($0)]))) }
        try proof.verify(oldRoot: roots[0], newRoot: roots[1])
    }

    @Test(arguments: 1...64)
    func everyInclusionProofIsTheDefinitionsAndVerifies(size: Int) throws {
        let tree = try StoredTiles(Self.leaves)
        let slice = Self.leaves.prefix(size)
        let root = NaiveTree.root(slice)
        for index in 0..<size {
            let proof = try tree.inclusionProof(UInt64(index), in: UInt64(size))
            #expect(proof.path == NaiveTree.path(index, slice))
            try proof.verify(leafHash: Self.leaves[index], root: root)
        }
    }

    @Test(arguments: 1...64)
    func everyConsistencyProofIsTheDefinitionsAndVerifies(size: Int) throws {
        let tree = try StoredTiles(Self.leaves)
        let slice = Self.leaves.prefix(size)
        let root = NaiveTree.root(slice)
        for older in 1...size {
            let proof = try tree.consistencyProof(UInt64(older), UInt64(size))
            #expect(proof.path == NaiveTree.consistency(older, slice))
            try proof.verify(oldRoot: NaiveTree.root(slice.prefix(older)), newRoot: root)
        }
    }

    @Test(arguments: 1...33)
    func damagedInclusionProofIsRefused(size: Int) throws {
        let tree = try StoredTiles(Self.leaves)
        let root = NaiveTree.root(Self.leaves.prefix(size))
        for index in 0..<size {
            let proof = try tree.inclusionProof(UInt64(index), in: UInt64(size))
            for path in Self.damaged(proof.path) {
                let bad = InclusionProof(index: proof.index, size: proof.size, path: path)
                #expect(throws: TransparencyError.inclusionNotProven) {
                    try bad.verify(leafHash: Self.leaves[index], root: root)
                }
            }
            for other in 0..<size where other != index {
                let moved = InclusionProof(index: LeafIndex(UInt64(other)), size: proof.size, path: proof.path)
                #expect(throws: TransparencyError.inclusionNotProven) {
                    try moved.verify(leafHash: Self.leaves[index], root: root)
                }
            }
            #expect(throws: TransparencyError.inclusionNotProven) {
                try proof.verify(leafHash: MerkleTree.leafHash([]), root: root)
            }
        }
    }

    @Test(arguments: 2...33)
    func damagedConsistencyProofIsRefused(size: Int) throws {
        let tree = try StoredTiles(Self.leaves)
        let roots = (0...size).map { NaiveTree.root(Self.leaves.prefix($0)) }
        for older in 1...size {
            let proof = try tree.consistencyProof(UInt64(older), UInt64(size))
            for path in Self.damaged(proof.path) {
                let bad = ConsistencyProof(from: proof.from, to: proof.to, path: path)
                #expect(throws: TransparencyError.consistencyNotProven) {
                    try bad.verify(oldRoot: roots[older], newRoot: roots[size])
                }
            }
            for wrong in 0..<size where wrong != older {
                #expect(throws: TransparencyError.consistencyNotProven) {
                    try proof.verify(oldRoot: roots[wrong], newRoot: roots[size])
                }
                #expect(throws: TransparencyError.consistencyNotProven) {
                    try proof.verify(oldRoot: roots[older], newRoot: roots[wrong])
                }
            }
        }
    }

    /// One hash less, one more, one changed, two exchanged.
    private static func damaged(_ path: [MerkleHash]) -> [[MerkleHash]] {
        let stranger = MerkleTree.leafHash(Array("stranger".utf8))
        var damaged = [path + [stranger], [stranger] + path]
        for place in path.indices {
            var copy = path
            copy.remove(at: place)
            damaged.append(copy)
            copy = path
            copy[place] = stranger
            damaged.append(copy)
            guard place > 0, path[place] != path[place - 1] else { continue }
            copy = path
            copy.swapAt(place, place - 1)
            damaged.append(copy)
        }
        return damaged
    }

    @Test
    func entryOutsideTheTreeIsRefused() throws {
        let expected = TransparencyError.indexOutsideTree(index: LeafIndex(3), size: TreeSize(3))
        #expect(throws: expected) { try ProofPlan.inclusion(of: LeafIndex(3), in: TreeSize(3)) }
        let proof = InclusionProof(index: LeafIndex(3), size: TreeSize(3), path: [])
        #expect(throws: expected) { try proof.verify(leafHash: MerkleTree.emptyRoot, root: MerkleTree.emptyRoot) }
    }

    @Test
    func emptyTreeHoldsNoEntry() {
        let proof = InclusionProof(index: LeafIndex(0), size: .empty, path: [])
        #expect(throws: TransparencyError.indexOutsideTree(index: LeafIndex(0), size: .empty)) {
            try proof.verify(leafHash: MerkleTree.emptyRoot, root: MerkleTree.emptyRoot)
        }
    }

    @Test
    func treeThatShrinksIsRefused() {
        let expected = TransparencyError.treeShrinks(from: TreeSize(4), to: TreeSize(3))
        #expect(throws: expected) { try ProofPlan.consistency(from: TreeSize(4), to: TreeSize(3)) }
        let proof = ConsistencyProof(from: TreeSize(4), to: TreeSize(3), path: [])
        #expect(throws: expected) { try proof.verify(oldRoot: MerkleTree.emptyRoot, newRoot: MerkleTree.emptyRoot) }
    }

    @Test
    func emptyTreeIsAPrefixOfEveryTreeAndOnlyItsOwnRootIsAccepted() throws {
        let root = NaiveTree.root(Self.leaves[...])
        let proof = try StoredTiles(Self.leaves).consistencyProof(0, 64)
        #expect(proof.path.isEmpty)
        try proof.verify(oldRoot: MerkleTree.emptyRoot, newRoot: root)
        #expect(throws: TransparencyError.consistencyNotProven) { try proof.verify(oldRoot: root, newRoot: root) }
    }

    /// A log that signs a root of the wrong shape: the hashes fit, their number doesn't.
    @Test
    func inclusionProofOfTheWrongLengthIsRefusedEvenWhenTheHashesFit() {
        let (leaf, sibling) = (Self.leaves[0], Self.leaves[1])
        let proofs = [
            (
                InclusionProof(index: LeafIndex(0), size: TreeSize(1), path: [sibling]),
                MerkleTree.nodeHash(sibling, leaf)
            ),
            (
                InclusionProof(index: LeafIndex(0), size: TreeSize(1), path: [sibling]),
                MerkleTree.nodeHash(leaf, sibling)
            ),
            (InclusionProof(index: LeafIndex(0), size: TreeSize(2), path: []), leaf),
            (InclusionProof(index: LeafIndex(1), size: TreeSize(2), path: []), leaf),
        ]
        for (proof, root) in proofs {
            #expect(throws: TransparencyError.inclusionNotProven) { try proof.verify(leafHash: leaf, root: root) }
        }
    }

    /// A log that signs roots of the wrong shape: the hashes fit, their number doesn't.
    @Test
    func consistencyProofOfTheWrongLengthIsRefusedEvenWhenTheHashesFit() throws {
        let root = Self.leaves[0]
        let short = ConsistencyProof(from: TreeSize(2), to: TreeSize(4), path: [])
        #expect(throws: TransparencyError.consistencyNotProven) { try short.verify(oldRoot: root, newRoot: root) }
        let proof = try StoredTiles(Self.leaves).consistencyProof(3, 4)
        let more = Self.leaves[9]
        let long = ConsistencyProof(from: proof.from, to: proof.to, path: proof.path + [more])
        let roots = [3, 4].map { MerkleTree.nodeHash(more, NaiveTree.root(Self.leaves.prefix($0))) }
        #expect(throws: TransparencyError.consistencyNotProven) {
            try long.verify(oldRoot: roots[0], newRoot: roots[1])
        }
        let without = ConsistencyProof(from: TreeSize(3), to: TreeSize(4), path: [])
        #expect(throws: TransparencyError.consistencyNotProven) { try without.verify(oldRoot: root, newRoot: root) }
    }

    @Test
    func largestSizesDoNotTrap() throws {
        let sizes: [UInt64] = [.max, .max - 1, 1 << 63, (1 << 63) + 1]
        for size in sizes {
            let plan = try ProofPlan.inclusion(of: LeafIndex(size - 1), in: TreeSize(size))
            #expect(!plan.tiles.isEmpty)
            #expect(throws: TransparencyError.self) { try plan.hashes(from: [:]) }
            _ = try ProofPlan.consistency(from: TreeSize(size - 1), to: TreeSize(size))
            let path = [MerkleHash](repeating: MerkleTree.emptyRoot, count: 70)
            let inclusion = InclusionProof(index: LeafIndex(size - 1), size: TreeSize(size), path: path)
            #expect(throws: TransparencyError.inclusionNotProven) {
                try inclusion.verify(leafHash: MerkleTree.emptyRoot, root: MerkleTree.emptyRoot)
            }
            let consistency = ConsistencyProof(from: TreeSize(size - 1), to: TreeSize(size), path: path)
            #expect(throws: TransparencyError.consistencyNotProven) {
                try consistency.verify(oldRoot: MerkleTree.emptyRoot, newRoot: MerkleTree.emptyRoot)
            }
        }
    }
}
