import Keys
import TestKit
import Testing
import Transparency

@Suite("C2SP static-ct-api: TileLeaf")
struct TileLeafTests {
    static let time = EntryTimestamp(milliseconds: 0x0102_0304_0506_0708)
    static let keyHash = SHA256Digest(hashing: [0])
    static let issuers = [SHA256Digest(hashing: [1]), SHA256Digest(hashing: [2])]

    static func precertificate() throws -> TileLeaf {
        TileLeaf(
            timestamped: TimestampedEntry(
                timestamp: time,
                entry: .precertificate(issuerKeyHash: keyHash, tbsCertificate: [0x30, 0x01, 0x00]),
                extensions: try SCTExtensions(leafIndex: LeafIndex(7))
            ),
            precertificate: [0x30, 0x02, 0xAA, 0xBB],
            chain: issuers
        )
    }

    @Test
    func precertificateIsTheHandWrittenBytes() throws {
        let written = [
            bytes("0102030405060708"),  // timestamp
            bytes("0001"),  // precert_entry
            Self.keyHash.bytes, bytes("000003 300100"),  // PreCert
            bytes("0008 0000050000000007"),  // extensions with leaf_index
            bytes("000004 3002aabb"),  // pre_certificate
            bytes("0040"), Self.issuers[0].bytes, Self.issuers[1].bytes,  // certificate_chain
        ]
        #expect(try Self.precertificate().encoded() == Array(written.joined()))
        #expect(try TileLeaf(encoded: Array(written.joined())) == Self.precertificate())
    }

    @Test
    func certificateIsTheHandWrittenBytes() throws {
        let leaf = TileLeaf(
            timestamped: TimestampedEntry(
                timestamp: Self.time,
                entry: .x509(certificate: [0x30, 0x00]),
                extensions: try SCTExtensions(leafIndex: LeafIndex(0))
            ),
            precertificate: nil,
            chain: [Self.issuers[0]]
        )
        let written =
            bytes("0102030405060708" + "0000" + "0000023000" + "00080000050000000000" + "0020") + Self.issuers[0].bytes
        #expect(try leaf.encoded() == written)
        #expect(try TileLeaf(encoded: written) == leaf)
    }

    @Test
    func cutOrLengthenedLeafIsRefused() throws {
        let encoded = try Self.precertificate().encoded()
        for count in 0..<encoded.count {
            #expect(throws: TransparencyError.malformed(.timestampedEntry)) {
                try TileLeaf(encoded: Array(encoded.prefix(count)))
            }
        }
        #expect(throws: TransparencyError.malformed(.timestampedEntry)) { try TileLeaf(encoded: encoded + [0]) }
    }

    @Test
    func fingerprintOfAnotherLengthIsRefused() throws {
        let leaf = TileLeaf(timestamped: try Self.precertificate().timestamped, precertificate: [1], chain: [])
        let encoded = try leaf.encoded()
        for count in [1, 31, 33] {
            let bad = Array(encoded.dropLast(2)) + [0, UInt8(count)] + [UInt8](repeating: 0, count: count)
            #expect(throws: TransparencyError.malformed(.timestampedEntry)) { try TileLeaf(encoded: bad) }
        }
    }

    @Test
    func everyLeafIsReadBackAndItsMerkleLeafFound() throws {
        var random = SeededGenerator(seed: 1)
        for _ in 0..<500 {
            let certificate = (0...Int.random(in: 0...300, using: &random)).map { UInt8(truncatingIfNeeded: $0) }
            let isPrecertificate = Bool.random(using: &random)
            let timestamped = TimestampedEntry(
                timestamp: EntryTimestamp(milliseconds: .random(in: 0...UInt64.max, using: &random)),
                entry: isPrecertificate
                    ? .precertificate(issuerKeyHash: Self.keyHash, tbsCertificate: certificate)
                    : .x509(certificate: certificate),
                extensions: try SCTExtensions(leafIndex: LeafIndex(.random(in: 0..<1 << 40, using: &random)))
            )
            let leaf = TileLeaf(
                timestamped: timestamped,
                precertificate: isPrecertificate ? certificate : nil,
                chain: Array(Self.issuers.prefix(.random(in: 0...2, using: &random)))
            )
            let read = try TileLeaf(encoded: try leaf.encoded())
            #expect(read == leaf)
            #expect(try read.timestamped.merkleTreeLeaf() == timestamped.merkleTreeLeaf())
        }
    }
}
