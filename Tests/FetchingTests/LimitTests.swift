import Fetching
import Foundation
import Testing

@Suite("Fetching: sizes, waits, queue, cancellation", .timeLimit(.minutes(1)))
struct LimitTests {
    private let fetcher = OwnedFetcher()

    @Test func bodyAtTheLimitIsTakenAndOneByteMoreIsNot() async throws {
        let server = try LoopbackServer(answering: Answers.text(200, "OK", body: String(repeating: "x", count: 1000)))
        #expect(try await fetcher.fetch(.plain(server.url, bytesMax: 1000)).body.count == 1000)
        await #expect(throws: FetchError.tooLarge(bytesMax: 999)) {
            try await fetcher.fetch(.plain(server.url, bytesMax: 999))
        }
        await #expect(throws: FetchError.tooLarge(bytesMax: 0)) {
            try await fetcher.fetch(.plain(server.url, bytesMax: 0))
        }
    }

    @Test func announcedLengthIsRefusedBeforeTheBodyComes() async throws {
        let server = try LoopbackServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")
            connection.waitForEnd()
        }
        await #expect(throws: FetchError.tooLarge(bytesMax: 1000)) {
            try await fetcher.fetch(.plain(server.url, bytesMax: 1000))
        }
    }

    @Test func bodyInChunksIsLimitedTooThoughItHasNoLength() async throws {
        let server = try LoopbackServer(answering: Answers.chunked(bytes: 1000))
        #expect(try await fetcher.fetch(.plain(server.url, bytesMax: 1000)).body.count == 1000)
        await #expect(throws: FetchError.tooLarge(bytesMax: 999)) {
            try await fetcher.fetch(.plain(server.url, bytesMax: 999))
        }
    }

    @Test func endlessBodyIsCutOff() async throws {
        let ended = Gate()
        let server = try LoopbackServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\n\r\n")
            while connection.write([UInt8](repeating: 0x78, count: 1 << 16)) {}
            ended.open()
        }
        await #expect(throws: FetchError.tooLarge(bytesMax: 100_000)) {
            try await fetcher.fetch(.plain(server.url, bytesMax: 100_000))
        }
        await ended.wait()
    }

    @Test func endlessHeadersAreCutOff() async throws {
        let server = try LoopbackServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\n")
            while connection.write("X-Filler: \(String(repeating: "y", count: 1000))\r\n") {}
        }
        await #expect(throws: FetchError.tooLarge(bytesMax: 100)) {
            try await fetcher.fetch(.plain(server.url, bytesMax: 100))
        }
    }

    @Test func silentServerIsATimeout() async throws {
        let server = try LoopbackServer { connection in
            _ = connection.readRequest()
            connection.waitForEnd()
        }
        await #expect(throws: FetchError.timeout) { try await fetcher.fetch(.plain(server.url, timeoutSeconds: 1)) }
    }

    @Test func serverThatNeverFinishesItsBodyIsATimeout() async throws {
        let server = try LoopbackServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegun")
            connection.waitForEnd()
        }
        await #expect(throws: FetchError.timeout) { try await fetcher.fetch(.plain(server.url, timeoutSeconds: 1)) }
    }

    /// Each hop is quick, all together are not: the time is for the whole exchange.
    @Test func redirectsShareOneTimeout() async throws {
        let server = try LoopbackServer { connection in
            while connection.readRequest() != nil {
                usleep(600_000)
                connection.write(Answers.redirect(to: "/next"))
            }
        }
        await #expect(throws: FetchError.timeout) {
            try await fetcher.fetch(.plain(server.url, timeoutSeconds: 1, redirectsMax: 10))
        }
        #expect(server.requestHeads.count == 2)
    }

    @Test func slowHostDoesNotHoldUpAnother() async throws {
        let arrived = Gate()
        let slow = try LoopbackServer { connection in
            _ = connection.readRequest()
            arrived.open()
            connection.waitForEnd()
        }
        let quick = try LoopbackServer(answering: Answers.ok)
        let waiting = Task { [fetcher] in try await fetcher.fetch(.plain(slow.url)) }
        await arrived.wait()
        for _ in 0..<20 { #expect(try await fetcher.fetch(.plain(quick.url)).status == 200) }
        waiting.cancel()
        await #expect(throws: FetchError.cancelled) { try await waiting.value }
    }

    @Test func cancelledTaskGetsItsErrorAndTheConnectionCloses() async throws {
        let arrived = Gate()
        let ended = Gate()
        let server = try LoopbackServer { connection in
            _ = connection.readRequest()
            arrived.open()
            connection.waitForEnd()
            ended.open()
        }
        let task = Task { [fetcher] in try await fetcher.fetch(.plain(server.url)) }
        await arrived.wait()
        task.cancel()
        await #expect(throws: FetchError.cancelled) { try await task.value }
        await ended.wait()
    }

    @Test func taskCancelledBeforehandAsksNobodyForLong() async throws {
        let server = try LoopbackServer { connection in connection.waitForEnd() }
        let ready = Gate()
        let task = Task { [fetcher] in
            await ready.wait()
            return try await fetcher.fetch(.plain(server.url))
        }
        task.cancel()
        ready.open()
        await #expect(throws: FetchError.cancelled) { try await task.value }
    }

    @Test func shutdownEndsWhatIsUnderWayAndRefusesWhatComes() async throws {
        let arrived = Counter(5)
        let server = try LoopbackServer { connection in
            _ = connection.readRequest()
            arrived.strike()
            connection.waitForEnd()
        }
        let tasks = (0..<5).map { _ in Task { [fetcher] in try await fetcher.fetch(.plain(server.url)) } }
        await arrived.gate.wait()
        let start = ContinuousClock.now
        fetcher.fetcher.shutdown()
        for task in tasks { await #expect(throws: FetchError.cancelled) { try await task.value } }
        #expect(ContinuousClock.now - start < .seconds(5))
        await #expect(throws: FetchError.cancelled) { try await fetcher.fetch(.plain(server.url)) }
    }

    @Test func fetcherThatNeverFetchedShutsDown() async {
        let idle = Fetcher()
        idle.shutdown()
        await #expect(throws: FetchError.cancelled) { try await idle.fetch(.plain("http://127.0.0.1:1/")) }
    }

    @Test func fullQueueRefusesAtOnceAndTakesAgainWhenThereIsRoom() async throws {
        let small = OwnedFetcher(inFlightMax: 3)
        let arrived = Counter(3)
        let server = try LoopbackServer { connection in
            guard let request = connection.readRequest() else { return }
            if request.head.hasPrefix("GET /hold ") {
                arrived.strike()
                connection.waitForEnd()
            } else {
                connection.write(Answers.ok)
            }
        }
        let held = (0..<3).map { _ in Task { try await small.fetch(.plain(server.url + "/hold")) } }
        await arrived.gate.wait()
        await #expect(throws: FetchError.busy) { try await small.fetch(.plain(server.url)) }
        held[0].cancel()
        _ = await held[0].result
        #expect(try await small.fetch(.plain(server.url)).status == 200)
        for task in held { task.cancel() }
        for task in held { await #expect(throws: FetchError.cancelled) { try await task.value } }
    }

    @Test func twoHundredAtOnceAreAllAnsweredOverFewConnections() async throws {
        let server = try LoopbackServer(answering: Answers.text(200, "OK", body: String(repeating: "k", count: 2200)))
        let answers = await withTaskGroup(of: Int?.self) { group in
            for _ in 0..<200 {
                group.addTask { [fetcher] in try? await fetcher.fetch(.plain(server.url + "/keys")).body.count }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers == Array(repeating: 2200, count: 200))
        #expect(server.connectionCount <= 16)
    }

    /// A transfer is answered exactly once, whoever comes first: the server, the cancellation or the shutdown.
    @Test func cancellingAtAnyMomentAnswersOnce() async throws {
        let server = try LoopbackServer(answering: Answers.ok)
        for round in 0..<300 {
            let task = Task { [fetcher] in try await fetcher.fetch(.plain(server.url)) }
            for _ in 0..<round % 30 { await Task.yield() }
            task.cancel()
            switch await task.result {
            case .success(let response): #expect(response.status == 200)
            case .failure(let error): #expect(error as? FetchError == .cancelled)
            }
        }
        #expect(try await fetcher.fetch(.plain(server.url)).status == 200)
    }
}
