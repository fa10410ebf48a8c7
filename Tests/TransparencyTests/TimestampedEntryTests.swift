import Keys
import TestKit
import Testing
import Transparency

@Suite("RFC 6962 §3.4: leaves")
struct TimestampedEntryTests {
    static let entry = ForeignLog.entry

    private static func foreign() throws -> TimestampedEntry {
        TimestampedEntry(
            timestamp: ForeignLog.timestamp,
            entry: entry,
            extensions: try SCTExtensions(leafIndex: ForeignLog.index)
        )
    }

    @Test
    func leafIsTheOtherImplementations() throws {
        let leaf = try Self.foreign().merkleTreeLeaf()
        #expect(hex(leaf) == ForeignLog.leafHex)
        #expect(MerkleTree.leafHash(leaf).description == ForeignLog.leafHash)
        #expect(try TimestampedEntry(merkleTreeLeaf: leaf) == Self.foreign())
    }

    @Test
    func certificateLeafIsTheHandWrittenOne() throws {
        let entry = TimestampedEntry(
            timestamp: EntryTimestamp(milliseconds: 0x0102_0304_0506_0708),
            entry: .x509(certificate: [0xAA, 0xBB]),
            extensions: .none
        )
        #expect(hex(try entry.merkleTreeLeaf()) == "0000" + "0102030405060708" + "0000" + "000002aabb" + "0000")
        #expect(hex(try entry.encoded()) == "0102030405060708" + "0000" + "000002aabb" + "0000")
    }

    @Test
    func everyEntryIsReadBack() throws {
        var random = SeededGenerator(seed: 6)
        for _ in 0..<2000 {
            let certificate = random.bytes(1) + random.bytes(upTo: 300)
            let hash = SHA256Digest(hashing: random.bytes(upTo: 8))
            let entry = TimestampedEntry(
                timestamp: EntryTimestamp(milliseconds: .random(in: 0...UInt64.max, using: &random)),
                entry: Bool.random(using: &random)
                    ? .x509(certificate: certificate)
                    : .precertificate(issuerKeyHash: hash, tbsCertificate: certificate),
                extensions: try SCTExtensions(bytes: random.bytes(upTo: 20))
            )
            #expect(try TimestampedEntry(encoded: try entry.encoded()) == entry)
            #expect(try TimestampedEntry(merkleTreeLeaf: try entry.merkleTreeLeaf()) == entry)
        }
    }

    @Test
    func cutOrLengthenedEntryIsRefused() throws {
        let encoded = try Self.foreign().encoded()
        for count in 0..<encoded.count {
            #expect(throws: TransparencyError.malformed(.timestampedEntry)) {
                try TimestampedEntry(encoded: Array(encoded.prefix(count)))
            }
        }
        #expect(throws: TransparencyError.malformed(.timestampedEntry)) { try TimestampedEntry(encoded: encoded + [0]) }
    }

    @Test(arguments: ["0100", "0001", "01", ""])
    func leafOfAnotherVersionOrTypeIsRefused(start: String) throws {
        let leaf = bytes(start) + (try Self.foreign().encoded())
        #expect(throws: TransparencyError.malformed(.timestampedEntry)) { try TimestampedEntry(merkleTreeLeaf: leaf) }
    }

    @Test
    func unknownEntryTypeAndEmptyCertificateAreRefused() {
        let time = "0102030405060708"
        for rest in ["0002" + "000002aabb" + "0000", "ffff" + "000002aabb" + "0000", "0000" + "000000" + "0000"] {
            #expect(throws: TransparencyError.malformed(.timestampedEntry)) {
                try TimestampedEntry(encoded: bytes(time + rest))
            }
        }
    }

    @Test
    func garbageIsRefusedOrReadAsWritten() {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<5000 {
            let garbage = random.bytes(8) + [0, random.next() & 1 == 0 ? 0 : 1] + random.bytes(upTo: 60)
            guard let entry = try? TimestampedEntry(encoded: garbage) else { continue }
            #expect((try? entry.encoded()) == garbage)
        }
    }

    @Test
    func certificateWithoutBytesOrWithTooManyIsNotWritten() {
        for certificate in [[], [UInt8](repeating: 0, count: 1 << 24)] {
            let entry = TimestampedEntry(
                timestamp: ForeignLog.timestamp,
                entry: .x509(certificate: certificate),
                extensions: .none
            )
            #expect(throws: TransparencyError.tooLarge(.timestampedEntry)) { try entry.encoded() }
        }
    }
}
