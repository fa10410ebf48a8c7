import Fetching
import Keys
import Synchronization
import Testing
import Transparency

@testable import CertificateLog

@Suite("CT-10: the patience with a remote log")
struct RemoteRetryTests {
    @Test(arguments: [201, 204, 301, 400, 401, 403, 404, 413, 500, 502, 504])
    func otherStatusIsAnErrorThatNamesNothingElse(status: Int) async throws {
        let log = try ScriptedLog([.answer(status: status, body: Array("internal secret".utf8))])
        await #expect(throws: CertificateLogError.remoteRefused(status: status)) { try await log.issue(log.client()) }
        #expect(log.requests.count == 1)
        #expect(!CertificateLogError.remoteRefused(status: status).mayPass)
        #expect(!"\(CertificateLogError.remoteRefused(status: status))".contains("secret"))
    }

    @Test(arguments: [408, 429, 503])
    func busyLogIsAskedAgainWhenItSaid(status: Int) async throws {
        let log = try ScriptedLog([.answer(status: status, headers: ["retry-after": "3"]), .promise()])
        _ = try await log.issue(log.client())
        #expect(log.requests.count == 2)
        #expect(log.sleeps == [.seconds(3)])
        #expect(log.requests[0].body == log.requests[1].body)
    }

    @Test(arguments: ["0", "-5", "", "soon", "1.5", "99999999999999999999", "Wed, 21 Oct 2026 07:28:00 GMT"])
    func wishThatIsNoneIsABackOff(value: String) async throws {
        let log = try ScriptedLog([.answer(status: 503, headers: ["retry-after": value]), .promise()])
        _ = try await log.issue(log.client())
        #expect(log.sleeps == [.milliseconds(250)])
    }

    @Test(arguments: ["20", "3600", "2147483647"])
    func wishBeyondTheDeadlineIsGivenUpAtOnce(value: String) async throws {
        let log = try ScriptedLog([.answer(status: 429, headers: ["retry-after": value])])
        await #expect(throws: CertificateLogError.remoteBusy(status: 429)) { try await log.issue(log.client()) }
        #expect(log.requests.count == 1)
        #expect(log.sleeps.isEmpty)
        #expect(CertificateLogError.remoteBusy(status: 429).mayPass)
    }

    @Test(arguments: [FetchError.hostUnknown, .connectionFailed, .timeout, .transferFailed, .busy])
    func failureThatMayPassIsTriedAgain(error: FetchError) async throws {
        let log = try ScriptedLog([.failure(error), .failure(error), .promise()])
        _ = try await log.issue(log.client())
        #expect(log.sleeps == [.milliseconds(250), .milliseconds(500)])
        let dead = try ScriptedLog([.failure(error)])
        await #expect(throws: CertificateLogError.remoteUnreachable(error)) { try await dead.issue(dead.client()) }
    }

    @Test(arguments: [
        FetchError.urlRefused, .tlsFailed, .tooLarge(bytesMax: 1), .redirectRefused(host: "a"), .cancelled,
    ])
    func failureThatWillNotPassIsReportedAtOnce(error: FetchError) async throws {
        let log = try ScriptedLog([.failure(error)])
        await #expect(throws: CertificateLogError.remoteUnreachable(error)) { try await log.issue(log.client()) }
        #expect(log.requests.count == 1)
    }

    @Test
    func waitsDoubleUntilEightSecondsAndEndBeforeTheDeadline() async throws {
        let log = try ScriptedLog([.answer(status: 503)])
        await #expect(throws: CertificateLogError.remoteBusy(status: 503)) {
            try await log.issue(log.client(deadlineSeconds: 40))
        }
        #expect(log.sleeps == [250, 500, 1000, 2000, 4000, 8000, 8000, 8000].map { .milliseconds($0) })
        #expect(log.requests.count == 9)
    }

    @Test
    func jitterShortensEachWaitByUpToAHalf() async throws {
        let log = try ScriptedLog([.answer(status: 503), .answer(status: 503), .promise()])
        _ = try await log.issue(log.client(random: 0.5))
        #expect(log.sleeps == [.microseconds(187_000), .milliseconds(375)])
    }

    @Test
    func noRequestOutlivesTheDeadline() async throws {
        let log = try ScriptedLog([.failure(.timeout)], fetchSeconds: 6)
        await #expect(throws: CertificateLogError.remoteUnreachable(.timeout)) { try await log.issue(log.client()) }
        #expect(log.requests.map(\.timeoutSeconds) == [20, 13, 7])
        #expect(log.sleeps.reduce(.seconds(18), +) < .seconds(20))
    }

    @Test
    func deadlineDoesNotFollowTheCalendar() async throws {
        let log = try ScriptedLog([.answer(status: 503)])
        let jump: RemoteCertificateLog.Fetch = { _ throws(FetchError) in
            // Somebody sets the clock back at every request.
            log.clock.set(log.clock.now().milliseconds - 60_000)
            return FetchResponse(status: 503, headers: [:], body: [])
        }
        await #expect(throws: CertificateLogError.remoteBusy(status: 503)) {
            try await log.issue(log.client(fetch: jump))
        }
        #expect(log.sleeps.count == 6)
    }

    @Test
    func cancelledWaitEndsTheSubmission() async throws {
        let log = try ScriptedLog([.answer(status: 503)])
        let client = RemoteCertificateLog(
            settings: RemoteLogSettings(url: "https://a.example", publicKey: log.key.publicKey, policy: FetchPolicy()),
            chain: log.authority.chain,
            environment: .init(
                fetch: { _ throws(FetchError) in FetchResponse(status: 503, headers: [:], body: []) },
                now: log.clock.now,
                sleep: { _ in throw CancellationError() },
                random: { 0 }
            )
        )
        await #expect(throws: CertificateLogError.remoteUnreachable(.cancelled)) { try await log.issue(client) }
    }

    @Test
    func submissionBeyondTheBoundIsRefusedAndItsPlaceIsFreeAgainAfterwards() async throws {
        let log = try ScriptedLog([.promise()])
        let gate = FetchGate()
        let client = log.client(
            submissionsMax: 2,
            fetch: { _ throws(FetchError) in
                await gate.pass()
                return FetchResponse(status: 500, headers: [:], body: [])
            }
        )
        let submission = try TestSubmission(log.authority).submission
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<2 {
                group.addTask {
                    await #expect(throws: CertificateLogError.remoteRefused(status: 500)) {
                        try await client.append(submission)
                    }
                }
            }
            await gate.entered(2)
            await #expect(throws: CertificateLogError.remoteQueueFull) { try await client.append(submission) }
            gate.open()
            try await group.waitForAll()
        }
        await #expect(throws: CertificateLogError.remoteRefused(status: 500)) { try await client.append(submission) }
        #expect(CertificateLogError.remoteQueueFull.mayPass)
    }
}

/// Holds requests back until it is opened.
private final class FetchGate: Sendable {
    private let waiting = Mutex<[CheckedContinuation<Void, Never>]?>([])

    func pass() async {
        await withCheckedContinuation { continuation in
            let isOpen = waiting.withLock { waiting in
                waiting?.append(continuation)
                return waiting == nil
            }
            if isOpen { continuation.resume() }
        }
    }

    /// Waits until `count` requests are held.
    func entered(_ count: Int) async {
        while (waiting.withLock { $0?.count ?? 0 }) < count { await Task.yield() }
    }

    func open() {
        let held = waiting.withLock { waiting in
            defer { waiting = nil }
            return waiting ?? []
        }
        for continuation in held { continuation.resume() }
    }
}
