import TestKit
import Testing
import Transparency

@Suite("C2SP tlog-tiles: growing a tree")
struct TreeEdgeTests {
    static let leaves = NaiveTree.leaves(1200)

    @Test
    func rootIsTheDefinitionsAtEverySize() throws {
        var edge = TreeEdge()
        #expect(edge.root == MerkleTree.emptyRoot)
        for (position, leaf) in Self.leaves.prefix(600).enumerated() {
            _ = try edge.append([leaf])
            #expect(edge.size == TreeSize(UInt64(position + 1)))
            #expect(edge.root == NaiveTree.root(Self.leaves.prefix(position + 1)))
        }
    }

    @Test
    func everyTileIsTheDefinitionsInBatchesOfAnySize() throws {
        var random = SeededGenerator(seed: 2)
        for _ in 0..<20 {
            var edge = TreeEdge()
            var stored: [[UInt64]: Tile] = [:]
            while edge.size.value < UInt64(Self.leaves.count) {
                let start = Int(edge.size.value)
                let end = min(Self.leaves.count, start + Int.random(in: 0...400, using: &random))
                for tile in try edge.append(Array(Self.leaves[start..<end])) {
                    let place = [UInt64(tile.id.level), tile.id.index]
                    #expect(stored[place].map { $0.id.width < tile.id.width } ?? true)
                    stored[place] = tile
                }
            }
            #expect(
                Set(stored.values.map(\.id.path)) == ["0/000", "0/001", "0/002", "0/003", "0/004.p/176", "1/000.p/4"]
            )
            for tile in stored.values {
                for position in 0..<tile.id.width {
                    let hashes = tile.id.level == 0 ? 1 : 256
                    let first = (Int(tile.id.index) * 256 + position) * hashes
                    #expect(tile.hash(at: position) == NaiveTree.root(Self.leaves[first..<first + hashes]))
                }
            }
        }
    }

    @Test(arguments: [0, 1, 2, 255, 256, 257, 511, 512, 700, 1199])
    func storedEdgeGrowsOnAsIfItHadNeverBeenStored(size: Int) throws {
        let tree = try StoredTiles(Array(Self.leaves.prefix(size)))
        let size = TreeSize(UInt64(size))
        var restored = try TreeEdge(size: size, tiles: tree.read(size.edgeTiles))
        #expect(restored == tree.edge)
        var grown = tree.edge
        let more = Array(Self.leaves.suffix(300))
        #expect(try restored.append(more) == grown.append(more))
        #expect(restored.root == grown.root)
    }

    @Test
    func edgeOfAnEarlierSizeIsReadFromWiderTiles() throws {
        let tree = try StoredTiles(Self.leaves)
        let size = TreeSize(1100)
        let edge = try TreeEdge(size: size, tiles: tree.read(size.edgeTiles))
        #expect(edge.root == NaiveTree.root(Self.leaves.prefix(1100)))
    }

    @Test
    func missingTileIsNamed() throws {
        let size = TreeSize(700)
        let tree = try StoredTiles(Array(Self.leaves.prefix(700)))
        for id in size.edgeTiles {
            var tiles = tree.read(size.edgeTiles)
            tiles[id] = tiles[id]?.dropLast()
            #expect(throws: TransparencyError.tileMissing(id)) { try TreeEdge(size: size, tiles: tiles) }
            tiles[id] = nil
            #expect(throws: TransparencyError.tileMissing(id)) { try TreeEdge(size: size, tiles: tiles) }
        }
    }

    @Test
    func changedTileChangesTheRoot() throws {
        var random = SeededGenerator(seed: 3)
        let size = TreeSize(700)
        let tree = try StoredTiles(Array(Self.leaves.prefix(700)))
        for id in size.edgeTiles {
            var tiles = tree.read(size.edgeTiles)
            tiles[id] = random.flipped(try #require(tiles[id]))
            #expect(try TreeEdge(size: size, tiles: tiles).root != tree.edge.root)
        }
    }

    @Test
    func sizeBeyondSixtyFourBitsIsRefusedAndNothingAppended() throws {
        var tiles: [TileID: [UInt8]] = [:]
        let size = TreeSize(.max)
        for id in size.edgeTiles { tiles[id] = [UInt8](repeating: 7, count: id.byteCount) }
        var edge = try TreeEdge(size: size, tiles: tiles)
        let before = edge
        #expect(throws: TransparencyError.tooLarge(.treeHead)) { try edge.append([MerkleTree.emptyRoot]) }
        #expect(edge == before)
    }

    @Test
    func edgeTilesAreTheSpecificationsExample() {
        #expect(TreeSize(70_000).edgeTiles.map(\.path) == ["0/273.p/112", "1/001.p/17", "2/000.p/1"])
        #expect(TreeSize(256).edgeTiles.map(\.path) == ["1/000.p/1"])
        #expect(TreeSize.empty.edgeTiles.isEmpty)
    }
}
