import TestKit
import Testing
import Transparency

@Suite("C2SP tlog-tiles: names of tiles")
struct TileIDTests {
    @Test(arguments: [
        (0, 0, 256, "0/000"), (0, 5, 256, "0/005"), (1, 999, 256, "1/999"), (0, 1000, 256, "0/x001/000"),
        (0, 1_234_067, 256, "0/x001/x234/067"), (0, 1_234_067, 5, "0/x001/x234/067.p/5"), (5, 1, 255, "5/001.p/255"),
        (63, 0, 1, "63/000.p/1"), (0, 1_000_000_000, 1, "0/x001/x000/x000/000.p/1"),
        (0, UInt64.max >> 8, 256, "0/x072/x057/x594/x037/x927/935"),
    ])
    func pathIsTheSpecifications(level: Int, index: UInt64, width: Int, path: String) throws {
        let id = try TileID(level: level, index: index, width: width)
        #expect(id.path == path)
        #expect(try TileID(path: path) == id)
    }

    @Test
    func dataPathIsTheLevelZeroTiles() throws {
        let id = try TileID(level: 0, index: 1_234_067, width: 5)
        #expect(id.dataPath == "data/x001/x234/067.p/5")
        #expect(try TileID(dataPath: id.dataPath) == id)
    }

    @Test(arguments: [
        "", "0", "0/", "/000", "0/0", "0/00", "0/0000", "0/000/", "0//000", "00/000", "01/000", "+1/000", "-1/000",
        "64/000", "100/000", "a/000", "0/abc", "0/00a", "0/+01", "0/x001", "0/001/000", "0/x001/x000", "0/x000/000",
        "0/x000/001", "0/x0001/000", "0/x1/000", "0/X001/000", "0/000.p", "0/000.p/", "0/000.p/0", "0/000.p/00",
        "0/000.p/01", "0/000.p/256", "0/000.p/1000", "0/000.p/-1", "0/000.p/1/", "0/000.p/1.p/1", "0/000.q/1",
        "0/000.p/1/000", "0/.p/1", "0/x001.p/1", "0/x072/x057/x594/x037/x927/936",
        "0/x999/x999/x999/x999/x999/x999/x999/999", "0/００0", "0/00٠", " 0/000", "0/000 ", "0/000\n", "data/000",
        "0/../000", "0/x001/../000", "0/000\0",
    ])
    func anythingElseIsRefused(path: String) {
        #expect(throws: TransparencyError.malformed(.tilePath)) { try TileID(path: path) }
    }

    @Test(arguments: ["", "data", "data/", "0/000", "data/0/000", "entries/000", "data/000.p/256", "Data/000"])
    func anyOtherDataPathIsRefused(path: String) {
        #expect(throws: TransparencyError.malformed(.tilePath)) { try TileID(dataPath: path) }
    }

    @Test
    func everyNameIsReadBack() throws {
        var random = SeededGenerator(seed: 4)
        for _ in 0..<5000 {
            let index =
                UInt64.random(in: 0...UInt64.max >> 8, using: &random) >> UInt64.random(in: 0...55, using: &random)
            let id = try TileID(
                level: Int.random(in: 0...63, using: &random),
                index: index,
                width: Int.random(in: 1...256, using: &random)
            )
            #expect(try TileID(path: id.path) == id)
        }
    }

    @Test
    func textThatIsReadIsTheOneThatWouldBeWritten() {
        var random = SeededGenerator(seed: 5)
        let pieces = ["0", "1", "x", "/", "000", "001", "x001", ".p", ".p/", "255", "256", "/000", "."]
        for _ in 0..<20_000 {
            let path = (0..<Int.random(in: 1...6, using: &random))
                .map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            guard let id = try? TileID(path: path) else { continue }
            #expect(id.path == path)
        }
    }

    @Test(arguments: [(-1, 0, 256), (64, 0, 256), (0, UInt64.max >> 8 + 1, 256), (0, 0, 0), (0, 0, 257), (0, 0, -1)])
    func tileThatNoTreeHasIsRefused(level: Int, index: UInt64, width: Int) {
        #expect(throws: TransparencyError.tileOutOfRange) { try TileID(level: level, index: index, width: width) }
    }

    @Test(arguments: [
        (0, 272, 70_000, 256), (0, 273, 70_000, 112), (1, 0, 70_000, 256), (1, 1, 70_000, 17), (2, 0, 70_000, 1),
        (0, 0, 256, 256), (1, 0, 256, 1), (0, 0, 255, 255), (7, 0, UInt64.max, 255),
    ])
    func tileIsAsWideAsTheTreeMakesIt(level: Int, index: UInt64, size: UInt64, width: Int) {
        #expect(TileID(level: level, index: index, in: TreeSize(size))?.width == width)
    }

    @Test(arguments: [
        (0, 274, 70_000), (1, 2, 70_000), (2, 1, 70_000), (3, 0, 70_000), (0, 0, 0), (1, 0, 255), (8, 0, UInt64.max),
        (63, 0, UInt64.max), (64, 0, UInt64.max), (-1, 0, 1), (0, UInt64.max, UInt64.max),
    ])
    func emptyTileHasNoName(level: Int, index: UInt64, size: UInt64) {
        #expect(TileID(level: level, index: index, in: TreeSize(size)) == nil)
    }

    @Test
    func entryIsInTheTileWithItsHash() {
        #expect(TileID(holding: LeafIndex(69_999), in: TreeSize(70_000))?.path == "0/273.p/112")
        #expect(TileID(holding: LeafIndex(0), in: TreeSize(70_000))?.path == "0/000")
        #expect(TileID(holding: LeafIndex(70_000), in: TreeSize(70_000)) == nil)
    }

    @Test
    func narrowTileIsTheStartOfAWideOne() throws {
        let wide = try Tile(id: TileID(level: 0, index: 0, width: 2), bytes: Array(0..<64))
        let narrow = try Tile(id: TileID(level: 0, index: 0, width: 1), bytes: wide.bytes)
        #expect(narrow.bytes == Array(0..<32))
        #expect(narrow.hash(at: 0) == wide.hash(at: 0))
        #expect(narrow.hash(at: 1) == nil)
        #expect(wide.hash(at: -1) == nil)
    }
}
