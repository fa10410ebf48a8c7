import Fetching
import TestKit
import Testing

@Suite("Fetching: the exchange")
struct FetcherTests {
    private let fetcher = OwnedFetcher()

    @Test func answerHasStatusLowerCaseHeadersAndBody() async throws {
        let answer = Answers.text(
            201,
            "Created",
            headers: ["X-One:  a b ", "ETag: \"x\"", "x-one: last"],
            body: "body\r\n\u{0}é"
        )
        let server = try LoopbackServer(answering: answer)
        let response = try await fetcher.fetch(.plain(server.url + "/path?query=1"))
        #expect(response.status == 201)
        #expect(response.headers["x-one"] == "last")
        #expect(response.headers["etag"] == "\"x\"")
        #expect(response.body == Array("body\r\n\u{0}é".utf8))
        let head = try #require(server.requestHeads.first)
        #expect(head.hasPrefix("GET /path?query=1 HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\n"))
        #expect(!head.lowercased().contains("accept-encoding"))
    }

    @Test func largePostIsSentAtOnceWithoutExpecting100() async throws {
        let body = (0..<1_200_000).map { UInt8(truncatingIfNeeded: $0) }
        let received = Received()
        let server = try LoopbackServer { connection in
            guard let request = connection.readRequest() else { return }
            received.set(request.body)
            connection.write(Answers.ok)
        }
        var request = FetchRequest.plain(server.url + "/ct/v1/add-pre-chain")
        request.method = .post
        request.headers = [("Content-Type", "application/json"), ("X-Empty", ""), ("Host", "log.test")]
        request.body = body
        #expect(try await fetcher.fetch(request).status == 200)
        #expect(received.bytes == body)
        let head = try #require(server.requestHeads.first)
        #expect(head.hasPrefix("POST /ct/v1/add-pre-chain HTTP/1.1\r\nHost: log.test\r\n"))
        #expect(head.contains("\r\nContent-Type: application/json\r\n"))
        #expect(head.contains("\r\nContent-Length: 1200000\r\n"))
        #expect(head.contains("\r\nX-Empty:\r\n"))
        #expect(!head.contains("Expect"))
    }

    @Test func emptyPostHasLengthZero() async throws {
        let server = try LoopbackServer(answering: Answers.ok)
        var request = FetchRequest.plain(server.url)
        request.method = .post
        #expect(try await fetcher.fetch(request).body == Array("hello".utf8))
        #expect(try #require(server.requestHeads.first).contains("Content-Length: 0\r\n"))
    }

    @Test(arguments: [204, 400, 404, 429, 500, 503])
    func everyStatusIsAnAnswer(status: Int) async throws {
        let server = try LoopbackServer(answering: Answers.text(status, "X", headers: ["Retry-After: 7"]))
        let response = try await fetcher.fetch(.plain(server.url))
        #expect(response.status == status)
        #expect(response.headers["retry-after"] == "7")
    }

    @Test func headOfAnInformationalAnswerIsForgotten() async throws {
        let server = try LoopbackServer(
            answering: "HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n" + Answers.text(200, "OK", headers: ["A: b"])
        )
        let response = try await fetcher.fetch(.plain(server.url))
        #expect(response.status == 200)
        #expect(response.headers["a"] == "b")
        #expect(response.headers["link"] == nil)
    }

    @Test func connectionIsUsedAgain() async throws {
        let server = try LoopbackServer(answering: Answers.ok)
        for _ in 0..<5 { #expect(try await fetcher.fetch(.plain(server.url)).status == 200) }
        #expect(server.connectionCount == 1)
    }

    @Test func compressedBodyIsNotUnpacked() async throws {
        let server = try LoopbackServer(
            answering: Answers.text(200, "OK", headers: ["Content-Encoding: gzip"], body: "not unpacked")
        )
        #expect(try await fetcher.fetch(.plain(server.url)).body == Array("not unpacked".utf8))
    }

    @Test(arguments: [
        "not HTTP at all\r\n\r\n", "", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort", "HTTP/1.1",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ])
    func brokenAnswerIsAFailedTransfer(answer: String) async throws {
        let server = try LoopbackServer { connection in
            _ = connection.readRequest()
            connection.write(answer)
        }
        await #expect(throws: FetchError.transferFailed) { try await fetcher.fetch(.plain(server.url)) }
    }

    @Test func nobodyThereIsAFailedConnection() async throws {
        let port = try LoopbackServer.freePort()
        await #expect(throws: FetchError.connectionFailed) {
            try await fetcher.fetch(.plain("http://127.0.0.1:\(port)/"))
        }
    }

    @Test func nameThatDoesNotExistIsAnUnknownHost() async {
        await #expect(throws: FetchError.hostUnknown) { try await fetcher.fetch(.plain("http://nobody.invalid/")) }
    }

    @Test(arguments: [
        "", "/path", "127.0.0.1:80", "ftp://127.0.0.1/", "file:///etc/hostname", "gopher://127.0.0.1/", "http://",
        "http://user:password@127.0.0.1/", "http://user@127.0.0.1/", "http://127.0.0.1:99999/", "http://a b/",
        "http://127.0.0.1/\u{0}", "http://127.0.0.1/a b", "dict://127.0.0.1:80/x", "https//127.0.0.1",
    ])
    func urlThatIsNotPlainHTTPOrHTTPSIsRefused(url: String) async {
        await #expect(throws: FetchError.urlRefused) { try await fetcher.fetch(.plain(url)) }
    }

    @Test func httpIsRefusedUnlessAllowed() async throws {
        let server = try LoopbackServer(answering: Answers.ok)
        var request = FetchRequest.plain(server.url)
        request.policy.allowsHTTP = false
        await #expect(throws: FetchError.urlRefused) { try await fetcher.fetch(request) }
        #expect(server.connectionCount == 0)
    }

    @Test(arguments: [("X", "a\r\nY: b"), ("X", "a\nY: b"), ("X\r\nY", "b"), ("X", "a\u{0}b")])
    func headerThatEndsItsLineIsRefused(name: String, value: String) async throws {
        let server = try LoopbackServer(answering: Answers.ok)
        var request = FetchRequest.plain(server.url)
        request.headers = [(name, value)]
        await #expect(throws: FetchError.urlRefused) { try await fetcher.fetch(request) }
        #expect(server.connectionCount == 0)
    }

    @Test func requestShowsNoSecret() {
        var request = FetchRequest(url: "https://user:password@issuer.test/a/b?token=secret#secret")
        request.headers = [("Authorization", "Bearer secret")]
        request.body = Array("secret".utf8)
        #expect(request.description == "https://issuer.test/a/b")
        var dumped = ""
        dump(request, to: &dumped)
        for text in [String(describing: request), String(reflecting: request), String(reflecting: [request]), dumped] {
            #expect(!text.contains("secret"))
            #expect(!text.contains("password"))
        }
    }

    @Test func garbageIsNeverATrap() async throws {
        let server = try LoopbackServer { connection in
            var generator = SeededGenerator(seed: 21)
            let pieces = [
                "HTTP/1.1 200 OK\r\n", "HTTP/1.1 ", "302 Found\r\n", "Location: ", "/\r\n", "http://x/", "\r\n\r\n",
                "\r\n", ":",
                "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", "5\r\n", "hello", "\u{0}", "é", "\t",
            ]
            guard let request = connection.readRequest() else { return }
            // The path has the number of the round.
            let round = Int(request.head.split(separator: " ")[1].dropFirst()) ?? 0
            for _ in 0...round { _ = generator.next() }
            let count = Int.random(in: 0..<12, using: &generator)
            let text = (0..<count).compactMap { _ in pieces.randomElement(using: &generator) }.joined()
            connection.write(round % 3 == 0 ? "HTTP/1.1 200 OK\r\n" + text : text)
        }
        var answered = 0
        for round in 0..<600 {
            do {
                _ = try await fetcher.fetch(.plain("\(server.url)/\(round)", redirectsMax: 1))
                answered += 1
            } catch {
                #expect(error != .cancelled && error != .busy && error != .timeout)
            }
        }
        #expect(answered > 50)
    }
}
