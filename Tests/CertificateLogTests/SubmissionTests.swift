import CertificateLog
import Certificates
import Keys
import Log
import LogTestKit
import Records
import TestKit
import Testing
import Transparency
import Wire

@testable import CertificateLog

@Suite("RFC 6962 §4.1, §4.2: add-chain and add-pre-chain")
struct SubmissionTests {
    private static func body(_ chain: [[UInt8]]) -> [UInt8] {
        JSONText.object([("chain", .array(chain.map { .string(Base64.encode($0)) }))]).encoded()
    }

    /// A certificate of the authority that no log has timestamped but `timestamp`'s.
    private static func certificate(_ authority: TwoTierAuthority, _ open: OpenCertificateLog) async throws
        -> Certificate
    {
        let precertificate = try authority.precertificate()
        let sequenced = try await open.log.append(PrecertificateSubmission(precertificate, record: .test(), use: nil))
        let list = try SignedCertificateTimestamp.list([try open.log.timestamp(for: sequenced)])
        return try authority.signer.finish(precertificate, sctList: list)
    }

    @Test
    func loggedPrecertificateGetsThePromiseOfItsEntry() async throws {
        let open = try OpenCertificateLog()
        _ = try await open.issue()
        let (submission, first) = try await open.issue()
        open.clock.advance(60_000)
        let chain = [submission.der] + open.authority.chain.certificates.map(\.der)
        for length in 1...3 {
            let again = try await open.log.add(.addPreChain, body: Self.body(Array(chain.prefix(length))))
            #expect(again.timestamp == first.timestamp)
            #expect(again.extensions == first.extensions)
            try again.verify(submission.entry, key: open.key.publicKey)
        }
        #expect(open.memory.snapshot().rows.count == 2)
    }

    @Test
    func certificateIsTakenOnceWithItsRecordAndPath() async throws {
        let open = try OpenCertificateLog()
        let certificate = try await Self.certificate(open.authority, open)
        open.clock.advance(60_000)
        let first = try await open.log.add(.addChain, body: Self.body([certificate.der]))
        open.clock.advance(60_000)
        let again = try await open.log.add(.addChain, body: Self.body([certificate.der]))
        try first.verify(.x509(certificate: certificate.der), key: open.key.publicKey)
        #expect(again.timestamp == first.timestamp)
        #expect(again.extensions == first.extensions)
        let rows = open.memory.snapshot().rows
        try #require(rows.count == 2)
        let leaf = try TileLeaf(encoded: rows[1].stored)
        #expect(leaf.chain == open.authority.chain.certificates.map(\.fingerprint))
        #expect(leaf.precertificate == nil)
        let record = try #require(open.memory.record(of: LeafIndex(1)))
        #expect(record.decision == .submitted)
        #expect(record.precertificate == certificate.fingerprint)
        #expect(record.serialHex == open.memory.record(of: LeafIndex(0))?.serialHex)
        #expect(record.san == "jane@example.com")
        #expect(record.issuer == "https://issuer.example.com")
        #expect(record.timestamp == first.timestamp)
        #expect(record.notBeforeSeconds == TwoTierAuthority.now)
        _ = try await open.call("get-entries", ["start": "1", "end": "1"])
    }

    @Test
    func precertificateMadeWithoutTheLogIsTakenHoweverOld() async throws {
        let open = try OpenCertificateLog()
        open.clock.advance(1_000_000_000_000)
        let precertificate = try open.authority.precertificate()
        let body = Self.body([precertificate.der])
        let first = try await open.log.add(.addPreChain, body: body)
        let entry = CertificateEntry.precertificate(
            issuerKeyHash: precertificate.issuerKeyHash,
            tbsCertificate: precertificate.tbsWithoutPoison
        )
        try first.verify(entry, key: open.key.publicKey)
        #expect(try await open.log.add(.addPreChain, body: body).timestamp == first.timestamp)
        let leaf = try TileLeaf(encoded: try #require(open.memory.snapshot().rows.first).stored)
        #expect(leaf.precertificate == precertificate.der)
    }

    @Test
    func entryZeroIsKnownWithoutARecord() async throws {
        let open = try OpenCertificateLog()
        _ = try await open.log.appendIssuingCertificate()
        let chain = open.authority.chain.certificates.map(\.der)
        #expect(try await open.log.add(.addChain, body: Self.body(chain)).extensions.leafIndex() == LeafIndex(0))
    }

    @Test
    func certificateOfAFormerChainIsTakenAndItsRootIsListed() async throws {
        let open = try OpenCertificateLog()
        let certificate = try await Self.certificate(open.authority, open)
        await open.log.close()
        let next = try TwoTierAuthority()
        let log = try open.reopened(chain: next.chain, former: open.authority.chain.certificates)
        let timestamp = try await log.add(.addChain, body: Self.body([certificate.der]))
        #expect(try timestamp.extensions.leafIndex() == LeafIndex(1))
        let roots = try JSON.parse(try await log.call("get-roots", [:]).bytes)["certificates"]?.elements?.map(\.string)
        #expect(Set(try #require(roots)) == Set([open.authority.root, next.root].map { Base64.encode($0.der) }))
    }

    @Test
    func manyAtOnceAreOneEntry() async throws {
        let open = try OpenCertificateLog()
        let precertificate = try open.authority.precertificate()
        let body = Self.body([precertificate.der])
        let log = open.log
        let timestamps = try await withThrowingTaskGroup(of: SignedCertificateTimestamp.self) { group in
            for _ in 0..<12 { group.addTask { try await log.add(.addPreChain, body: body) } }
            return try await group.reduce(into: [SignedCertificateTimestamp]()) { $0.append($1) }
        }
        #expect(timestamps.count == 12)
        #expect(Set(timestamps.map(\.extensions)).count == 1)
        #expect(open.memory.snapshot().rows.count == 1)
    }

    @Test
    func whatIsNotForTheLogIsRefusedByName() async throws {
        let open = try OpenCertificateLog()
        let foreign = try TwoTierAuthority()
        let (issuing, root) = (open.authority.issuing.der, open.authority.root.der)
        let certificate = try await Self.certificate(open.authority, open).der
        let precertificate = try open.authority.precertificate().der
        let stranger = try foreign.precertificate().der
        let forged = certificate.dropLast() + [(certificate.last ?? 0) ^ 1]
        let cases: [(SubmissionCall, [[UInt8]], SubmissionProblem)] = [
            (.addChain, [precertificate], .precertificate),
            (.addPreChain, [certificate], .poisonMissing),
            (.addPreChain, [stranger], .issuerUnknown(index: 0)),
            (.addPreChain, [stranger, foreign.issuing.der], .issuerUnknown(index: 1)),
            (.addPreChain, [stranger, issuing], .notIssuedByNext(index: 0)),
            (.addChain, [certificate, root], .notIssuedByNext(index: 0)),
            (.addChain, [certificate, issuing, issuing], .notIssuedByNext(index: 1)),
            (.addChain, [Array(forged)], .issuerUnknown(index: 0)),
            (.addChain, [certificate + [0]], .certificateUnparsable(index: 0)),
            (.addChain, [certificate, [0x30, 0]], .certificateUnparsable(index: 1)),
            (.addChain, [], .bodyUnparsable),
            (.addChain, Array(repeating: certificate, count: 9), .bodyUnparsable),
        ]
        for (call, chain, problem) in cases {
            await #expect(throws: CertificateLogError.submissionRefused(problem), "\(problem)") {
                try await open.log.add(call, body: Self.body(chain))
            }
        }
        #expect(open.memory.snapshot().rows.count == 1)
    }

    @Test
    func nothingIsPromisedWhenTheStoreFails() async throws {
        let open = try OpenCertificateLog()
        let body = Self.body([try open.authority.precertificate().der])
        open.faulty.failReads(with: .inputOutput(code: 10))
        await #expect(throws: CertificateLogError.log(.unavailable(.inputOutput(code: 10)))) {
            try await open.log.add(.addPreChain, body: body)
        }
        open.faulty.failReads(with: nil)
        open.faulty.failAppend(.lost, with: .full)
        await #expect(throws: CertificateLogError.log(.unavailable(.full))) {
            try await open.log.add(.addPreChain, body: body)
        }
        #expect(open.memory.snapshot().rows.isEmpty)
        // What was signed once is stored in any case, before the next entry is added, and so found.
        for _ in 0..<2 {
            let again = try await open.log.add(.addPreChain, body: body)
            #expect(try again.extensions.leafIndex() == LeafIndex(0))
        }
        #expect(open.memory.snapshot().rows.count == 1)
    }
}
