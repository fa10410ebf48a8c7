import CertificateLog
import Certificates
import Keys
import Log
import LogTestKit
import TestKit
import Testing
import Transparency
import Wire

/// A log in memory with its CA, and an auditor's ways of reading it.
struct OpenCertificateLog {
    let authority: TwoTierAuthority
    let memory = MemoryLogStore()
    let faulty: FaultyLogStore
    let key: SigningKey
    let origin: LogOrigin
    let clock = TestClock(UInt64(TwoTierAuthority.now) * 1000)
    let log: EmbeddedCertificateLog

    init() throws {
        authority = try TwoTierAuthority()
        key = try SigningKey.generate(.p256)
        origin = try LogOrigin("log.example.com/ct")
        faulty = FaultyLogStore(memory)
        log = try EmbeddedCertificateLog.create(
            in: faulty,
            key: key,
            origin: origin,
            chain: authority.chain,
            clock: clock.now
        )
    }

    /// The same log opened again; the process before it has ended.
    func reopened(
        key: SigningKey? = nil,
        origin: LogOrigin? = nil,
        chain: CertificateChain? = nil,
        former: [Certificate] = []
    ) throws -> EmbeddedCertificateLog {
        try EmbeddedCertificateLog.open(
            memory,
            key: key ?? self.key,
            origin: origin ?? self.origin,
            chain: chain ?? authority.chain,
            formerIssuers: former,
            clock: clock.now
        )
    }

    /// Logs a precertificate and returns it with the log's promise.
    func issue(_ email: String = "jane@example.com") async throws -> (TestSubmission, SignedCertificateTimestamp) {
        let submission = try TestSubmission(authority, email: email)
        clock.advance(1000)
        return (submission, try log.timestamp(for: try await log.append(submission.submission)))
    }

    /// Logs one precertificate `count` times: cheap, and the leaves differ in index and time.
    func fill(_ count: Int) async throws {
        let submission = try TestSubmission(authority).submission
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<count { group.addTask { _ = try await log.append(submission) } }
            try await group.waitForAll()
        }
    }

    /// The verified head of the checkpoint.
    func head() async throws -> SignedTreeHead {
        let document = try await log.document(at: "checkpoint")
        return try SignedTreeHead(
            checkpoint: try SignedNote(encoded: document.bytes),
            origin: origin,
            key: key.publicKey
        )
    }

    /// A call's answer.
    func call(_ name: String, _ parameters: [String: String] = [:]) async throws -> JSON {
        let document = try await log.call(name, parameters)
        #expect(document.contentType == "application/json")
        #expect(document.lifetime == .changing)
        return try JSON.parse(document.bytes)
    }
}

extension JSON {
    /// The bytes of the base64 text of a member.
    func bytes(_ name: String) throws -> [UInt8] {
        try Base64.decode(try #require(self[name]?.string))
    }

    /// The hashes of a member.
    func hashes(_ name: String) throws -> [MerkleHash] {
        try #require(self[name]?.elements).map { element in
            let bytes = try Base64.decode(try #require(element.string))
            return try #require(MerkleHash(bytes: bytes))
        }
    }

    /// A number that is one.
    func number(_ name: String) throws -> UInt64 { UInt64(try #require(self[name]?.integer)) }
}
