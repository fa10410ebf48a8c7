import TestKit
import Testing
import Transparency

@Suite("C2SP tlog-tiles: proofs across tiles")
struct TiledProofTests {
    /// The specification's example: 273 full tiles, and three partial ones.
    static let size: UInt64 = 70_000
    static let leaves = NaiveTree.leaves(Int(size))
    static let tree = try? StoredTiles(leaves)

    /// Sizes around every border of a tile, and some in between.
    static let sizes: [UInt64] = [
        1, 255, 256, 257, 511, 512, 513, 1000, 65_535, 65_536, 65_537, 65_792, 69_999, 70_000,
    ]

    /// The roots as the tree had them while it grew.
    static let roots: [UInt64: MerkleHash] = {
        var roots: [UInt64: MerkleHash] = [0: MerkleTree.emptyRoot]
        var edge = TreeEdge()
        for size in sizes {
            guard (try? edge.append(Array(leaves[Int(edge.size.value)..<Int(size)]))) != nil else { break }
            roots[size] = edge.root
        }
        return roots
    }()

    @Test(arguments: sizes)
    func rootOfEveryEarlierSizeIsFoundAgain(size: UInt64) throws {
        #expect(try #require(Self.tree).root(size) == Self.roots[size])
    }

    @Test(arguments: [255, 256, 257, 513, 1000])
    func rootIsTheRecursiveDefinition(size: Int) {
        #expect(Self.roots[UInt64(size)] == NaiveTree.root(Self.leaves.prefix(size)))
    }

    @Test(arguments: sizes)
    func inclusionIsProvenInEveryEarlierSize(size: UInt64) throws {
        let tree = try #require(Self.tree)
        let root = try #require(Self.roots[size])
        let indexes: Set<UInt64> = [0, 1, 254, 255, 256, 257, size / 2, size / 2 + 1, size - 1]
        for index in indexes where index < size {
            try tree.inclusionProof(index, in: size).verify(leafHash: Self.leaves[Int(index)], root: root)
        }
    }

    @Test(arguments: sizes)
    func consistencyIsProvenBetweenAllSizes(to: UInt64) throws {
        let tree = try #require(Self.tree)
        let newRoot = try #require(Self.roots[to])
        for from in Self.sizes where from <= to {
            let oldRoot = try #require(Self.roots[from])
            try tree.consistencyProof(from, to).verify(oldRoot: oldRoot, newRoot: newRoot)
        }
    }

    @Test
    func inclusionReadsEachTileOnItsWayOnceAndNoOther() throws {
        let plan = try ProofPlan.inclusion(of: LeafIndex(5), in: TreeSize(Self.size))
        #expect(Set(plan.tiles.map(\.path)) == ["0/000", "1/000", "1/001.p/17", "0/273.p/112"])
        #expect(plan.tiles.count == 4)
    }

    @Test
    func inclusionInAWholeTileReadsThatTileOnly() throws {
        let plan = try ProofPlan.inclusion(of: LeafIndex(200), in: TreeSize(256))
        #expect(plan.tiles.map(\.path) == ["0/000"])
    }

    @Test
    func noTileIsPlannedWiderThanTheTreeIs() throws {
        var random = SeededGenerator(seed: 1)
        for _ in 0..<2000 {
            let size = TreeSize(UInt64.random(in: 1...100_000, using: &random))
            let index = LeafIndex(UInt64.random(in: 0..<size.value, using: &random))
            for tile in try ProofPlan.inclusion(of: index, in: size).tiles {
                let hashes = size.value >> UInt64(8 * tile.level)
                #expect(tile.index * 256 + UInt64(tile.width) <= hashes)
                #expect(tile.isFull || tile.index == hashes >> 8)
            }
        }
    }

    @Test
    func missingTileIsNamed() throws {
        let plan = try ProofPlan.inclusion(of: LeafIndex(5), in: TreeSize(Self.size))
        var read = try #require(Self.tree).read(plan.tiles)
        let lost = try TileID(path: "1/001.p/17")
        read[lost] = nil
        #expect(throws: TransparencyError.tileMissing(lost)) { try plan.hashes(from: read) }
    }

    @Test
    func shortTileIsNamed() throws {
        let plan = try ProofPlan.inclusion(of: LeafIndex(5), in: TreeSize(Self.size))
        var read = try #require(Self.tree).read(plan.tiles)
        let cut = try TileID(path: "0/273.p/112")
        read[cut] = read[cut]?.dropLast()
        #expect(throws: TransparencyError.tileMissing(cut)) { try plan.hashes(from: read) }
    }
}
