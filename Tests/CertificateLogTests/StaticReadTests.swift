import CertificateLog
import Certificates
import Keys
import Log
import TestKit
import Testing
import Transparency
import Wire

@Suite("C2SP static-ct-api: reading the embedded log")
struct StaticReadTests {
    @Test
    func checkpointIsTextAndChanges() async throws {
        let open = try OpenCertificateLog()
        let before = try await open.log.document(at: "checkpoint")
        #expect(before.contentType == "text/plain; charset=utf-8")
        #expect(before.lifetime == .changing)
        #expect(try await open.head().head.size == .empty)
        _ = try await open.issue()
        #expect(try await open.log.document(at: "checkpoint") != before)
        #expect(try await open.head().head.size == TreeSize(1))
    }

    @Test
    func entriesOfTheDataTilesLeadToTheCheckpoint() async throws {
        let open = try OpenCertificateLog()
        _ = try await open.log.appendIssuingCertificate()
        try await open.fill(299)
        let head = try await open.head().head
        #expect(head.size == TreeSize(300))
        var hashes: [MerkleHash] = []
        for path in ["000", "001.p/44"] {
            let data = try await open.log.document(at: "tile/data/" + path)
            #expect(data.contentType == "application/octet-stream")
            #expect(data.lifetime == .immutable)
            let tile = try await open.log.document(at: "tile/0/" + path)
            let leaves = try Self.leafHashes(data.bytes)
            #expect(leaves.flatMap(\.bytes) == tile.bytes)
            hashes += leaves
        }
        #expect(MerkleTree.root(of: hashes) == head.root)
        let upper = try await open.log.document(at: "tile/1/000.p/1")
        #expect(upper.bytes == MerkleTree.root(of: Array(hashes.prefix(256))).bytes)
    }

    /// Reads a data tile with nothing but the specification.
    private static func leafHashes(_ data: [UInt8]) throws -> [MerkleHash] {
        var reader = TLSReader(data)
        var hashes: [MerkleHash] = []
        while !reader.isAtEnd {
            var leaf: [UInt8] = [0, 0]
            leaf += try reader.bytes(8)
            let type = try reader.bytes(2)
            leaf += type
            if type == [0, 1] { leaf += try reader.bytes(32) }
            let certificate = try reader.vector24()
            leaf += [
                UInt8(certificate.count >> 16), UInt8(certificate.count >> 8 & 0xFF), UInt8(certificate.count & 0xFF),
            ]
            leaf += certificate
            let extensions = try reader.vector16()
            #expect(extensions.count == 8)
            leaf += [0, 8] + extensions
            if type == [0, 1] { _ = try reader.vector24() }
            #expect(try reader.vector16().count % 32 == 0)
            hashes.append(MerkleHash(SHA256Digest(hashing: [0] + leaf)))
        }
        return hashes
    }

    @Test
    func partialTileIsServedAfterItHasGrownToAWholeOne() async throws {
        let open = try OpenCertificateLog()
        try await open.fill(5)
        var early: [String: [UInt8]] = [:]
        for path in ["tile/0/000.p/5", "tile/0/000.p/3", "tile/data/000.p/5"] {
            early[path] = try await open.log.document(at: path).bytes
        }
        try await open.fill(260)
        for (path, bytes) in early {
            let document = try await open.log.document(at: path)
            #expect(document.bytes == bytes)
            #expect(document.lifetime == .immutable)
        }
        let whole = try await open.log.document(at: "tile/0/000").bytes
        #expect(whole.count == 8192)
        #expect(whole.starts(with: try #require(early["tile/0/000.p/5"])))
    }

    @Test(arguments: [
        "", "checkpoint/", "/checkpoint", "Checkpoint", "tile", "tile/", "tile/0/000", "tile/0/000.p/6",
        "tile/0/001.p/1",
        "tile/1/000.p/1", "tile/63/000", "tile/64/000", "tile/0/000.p/0", "tile/0/000.p/256", "tile/data/000",
        "tile/data/000.p/6", "tile/data/001.p/1", "tile/entries/000.p/5", "tile/names/000", "tile/0/x000/000",
        "tile/0/../../checkpoint", "issuer", "issuer/", "issuer/00", "log", "tile/data/x072/x057/x594/x037/x927/935",
    ])
    func whatTheLogDoesNotHaveIsNotFound(path: String) async throws {
        let open = try OpenCertificateLog()
        try await open.fill(5)
        await #expect(throws: LogReadError.notFound) { try await open.log.document(at: path) }
    }

    @Test
    func everyIssuerThatAnEntryNamesIsServedUnderItsLowerCaseFingerprint() async throws {
        let open = try OpenCertificateLog()
        for certificate in open.authority.chain.certificates {
            let name = certificate.fingerprint.hex
            let document = try await open.log.document(at: "issuer/" + name)
            #expect(SHA256Digest(hashing: document.bytes) == certificate.fingerprint)
            #expect(document.contentType == "application/pkix-cert")
            #expect(document.lifetime == .immutable)
            await #expect(throws: LogReadError.notFound) {
                try await open.log.document(at: "issuer/" + name.uppercased())
            }
        }
    }

    @Test
    func issuersOfAnEarlierChainAreServedOn() async throws {
        let open = try OpenCertificateLog()
        _ = try await open.issue()
        await open.log.close()
        let next = try TwoTierAuthority()
        let forgetful = try open.reopened(chain: next.chain)
        let path = "issuer/" + open.authority.issuing.fingerprint.hex
        await #expect(throws: LogReadError.notFound) { try await forgetful.document(at: path) }
        await #expect(throws: LogReadError.damaged) {
            try await forgetful.call("get-entries", ["start": "0", "end": "0"])
        }
        await forgetful.close()
        let log = try open.reopened(chain: next.chain, former: open.authority.chain.certificates)
        #expect(try await log.document(at: path).bytes == open.authority.issuing.der)
        _ = try await log.document(at: "issuer/" + next.issuing.fingerprint.hex)
        _ = try await log.call("get-entries", ["start": "0", "end": "0"])
    }

    @Test
    func storeThatCannotBeReadIsUnavailable() async throws {
        let open = try OpenCertificateLog()
        _ = try await open.issue()
        open.faulty.failReads(with: .inputOutput(code: 10))
        for path in ["checkpoint", "tile/0/000.p/1", "tile/data/000.p/1"] {
            await #expect(throws: LogReadError.unavailable(.unavailable(.inputOutput(code: 10)))) {
                try await open.log.document(at: path)
            }
        }
        await #expect(throws: CertificateLogError.self) { try await open.log.checkReady() }
        open.faulty.failReads(with: nil)
        _ = try await open.log.document(at: "checkpoint")
        try await open.log.checkReady()
    }
}
