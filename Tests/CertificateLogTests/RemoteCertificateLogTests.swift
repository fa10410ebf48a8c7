import Certificates
import Fetching
import Keys
import TestKit
import Testing
import Transparency
import Wire

@testable import CertificateLog

@Suite("CT-2, CT-3, CT-5, CT-7, CT-8: the promise of a remote log")
struct RemoteCertificateLogTests {
    @Test
    func precertificateIsSubmittedWithItsChainRootLast() async throws {
        let log = try ScriptedLog([.promise()])
        let client = log.client()
        let submission = try TestSubmission(log.authority)
        _ = try client.timestamp(for: try await client.append(submission.submission))
        let request = try #require(log.requests.first)
        #expect(log.requests.count == 1)
        #expect(request.url == "https://log.example.com/2026/ct/v1/add-pre-chain")
        #expect(request.method == .post)
        #expect(request.headers.map(\.name) == ["Content-Type"])
        #expect(request.headers.map(\.value) == ["application/json"])
        let chain = [submission.der, log.authority.issuing.der, log.authority.root.der].map { Base64.encode($0) }
        #expect(request.body == Array("{\"chain\":[\"\(chain.joined(separator: "\",\""))\"]}".utf8))
        #expect(request.responseBytesMax == 1 << 16)
        #expect(request.policy == FetchPolicy())
    }

    @Test
    func originIsSentAsHost() async throws {
        let log = try ScriptedLog([.promise()])
        _ = try await log.issue(log.client(hostHeader: "ct.example.org"))
        #expect(log.requests[0].headers.last?.name == "Host")
        #expect(log.requests[0].headers.last?.value == "ct.example.org")
    }

    @Test(arguments: ["", "0000050000000007", "ff00020102", "not a list"])
    func extensionBytesAreKeptAsTheLogSignedThem(text: String) async throws {
        let extensions = text == "not a list" ? [1, 2, 3] : bytes(text)
        let log = try ScriptedLog([.promise(.init(extensions: extensions))])
        #expect(try await log.issue(log.client()).extensions.bytes == extensions)
    }

    @Test
    func rsaLogIsBelieved() async throws {
        let log = try ScriptedLog([.promise()], algorithm: .rsa(bits: 2048))
        #expect(try await log.issue(log.client()).logID == LogID(of: log.key.publicKey))
    }

    @Test
    func promiseOfAnotherLogIsRefused() async throws {
        let log = try ScriptedLog([.promise()])
        let expected = try SigningKey.generate(.p256).publicKey
        let client = log.client(publicKey: expected)
        await #expect(throws: CertificateLogError.transparency(.logIDMismatch(expected: LogID(of: expected)))) {
            try await log.issue(client)
        }
    }

    @Test
    func wrongIdentityIsRefused() async throws {
        let id = JSONText.string(Base64.encode([UInt8](repeating: 7, count: 32)))
        let log = try ScriptedLog([.promise(.init(members: ["id": id]))])
        let expected = LogID(of: log.key.publicKey)
        await #expect(throws: CertificateLogError.transparency(.logIDMismatch(expected: expected))) {
            try await log.issue(log.client())
        }
    }

    @Test
    func promiseOfAStrangerInTheLogsNameIsRefused() async throws {
        let stranger = try SigningKey.generate(.p256)
        let log = try ScriptedLog([
            .promise(
                .init(signs: { honest in
                    SignedCertificateTimestamp(
                        logID: honest.logID,
                        timestamp: honest.timestamp,
                        extensions: honest.extensions,
                        signature: try DigitallySigned(signing: [1], with: stranger)
                    )
                })
            )
        ])
        await Self.expectBadSignature(log)
    }

    @Test
    func changedTimeOrExtensionsAreRefused() async throws {
        for members: [String: JSONText?] in [
            ["timestamp": .integer(TwoTierAuthority.now * 1000 + 1)],
            ["extensions": .string("AAAFAAAAAAg=")],
            ["extensions": nil],
        ] {
            await Self.expectBadSignature(try ScriptedLog([.promise(.init(members: members))]))
        }
    }

    @Test
    func promiseAboutAnotherPrecertificateIsRefused() async throws {
        let log = try ScriptedLog([.promise()])
        let client = log.client()
        let first = try await client.append(try TestSubmission(log.authority).submission)
        let second = try TestSubmission(log.authority)
        let swapped = SequencedPrecertificate(entry: second.entry, promise: first.promise)
        #expect(throws: CertificateLogError.transparency(.signatureInvalid(.signedCertificateTimestamp))) {
            try client.timestamp(for: swapped)
        }
    }

    private static func expectBadSignature(_ log: ScriptedLog) async {
        await #expect(throws: CertificateLogError.transparency(.signatureInvalid(.signedCertificateTimestamp))) {
            try await log.issue(log.client())
        }
    }

    @Test(arguments: [JSONText.integer(1), .string("0"), .null, nil])
    func anotherVersionIsRefused(version: JSONText?) async throws {
        let log = try ScriptedLog([.promise(.init(members: ["sct_version": version]))])
        await #expect(throws: CertificateLogError.transparency(.malformed(.signedCertificateTimestamp))) {
            try await log.issue(log.client())
        }
    }

    @Test(arguments: ["", "OK", "{}", "[]", "{\"sct_version\":0}"])
    func answerThatIsNoPromiseIsRefusedAtOnce(body: String) async throws {
        let log = try ScriptedLog([.answer(status: 200, body: Array(body.utf8))])
        await #expect(throws: CertificateLogError.transparency(.malformed(.signedCertificateTimestamp))) {
            try await log.issue(log.client())
        }
        #expect(log.requests.count == 1)
    }

    @Test(arguments: [-300, -1, 0, 1, 300])
    func clockThatIsNearlyRightIsBelieved(seconds: Int64) async throws {
        let log = try ScriptedLog([.promise(.init(milliseconds: seconds * 1000))])
        #expect(
            try await log.issue(log.client()).timestamp.milliseconds == UInt64(TwoTierAuthority.now + seconds) * 1000
        )
    }

    @Test(arguments: [-301, 301, -1_795_500_000])
    func clockThatIsFarOffIsRefused(seconds: Int64) async throws {
        let log = try ScriptedLog([.promise(.init(milliseconds: seconds * 1000))])
        await #expect(throws: CertificateLogError.remoteClock(secondsAway: seconds)) {
            try await log.issue(log.client())
        }
    }

    @Test
    func placeInOurOwnLogIsNoPromiseOfTheRemoteOne() async throws {
        let log = try ScriptedLog([.promise()])
        let place = try await OpenCertificateLog().log.append(try TestSubmission(log.authority).submission)
        let expected = LogID(of: log.key.publicKey)
        #expect(throws: CertificateLogError.transparency(.logIDMismatch(expected: expected))) {
            try log.client().timestamp(for: place)
        }
    }

    @Test(arguments: [KeyAlgorithm.p384, .p521, .ed25519])
    func keyThatNoLogMayHaveIsNeverReady(algorithm: KeyAlgorithm) async throws {
        let log = try ScriptedLog([.promise()])
        let client = log.client(publicKey: try SigningKey.generate(algorithm).publicKey)
        await #expect(throws: CertificateLogError.transparency(.unsupportedLogKey(algorithm))) {
            try await client.checkReady()
        }
        try await log.client().checkReady()
    }
}
