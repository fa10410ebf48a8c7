import Fetching
import Testing

@Suite("OIDC-44: a redirect to another host is refused")
struct RedirectTests {
    private let fetcher = OwnedFetcher()

    @Test(arguments: [301, 302, 303, 307, 308])
    func redirectOnTheSameHostIsFollowed(status: Int) async throws {
        let server = try LoopbackServer { connection in
            while let request = connection.readRequest() {
                let isNew = request.head.hasPrefix("GET /new?x=1 ")
                connection.write(isNew ? Answers.ok : Answers.redirect(to: "/new?x=1", status: status))
            }
        }
        let response = try await fetcher.fetch(.plain(server.url + "/old", redirectsMax: 3))
        #expect(response.body == Array("hello".utf8))
        #expect(server.requestHeads.count == 2)
    }

    @Test func absoluteAndRelativeAddressesOfTheSameHostAreFollowed() async throws {
        let server = try LoopbackServer { connection in
            while let request = connection.readRequest() {
                let path = request.head.split(separator: " ")[1]
                let host = request.head.split(separator: "\r\n")[1].dropFirst("Host: ".count)
                switch path {
                case "/a/1": connection.write(Answers.redirect(to: "HTTP://\(host)/a/2"))
                case "/a/2": connection.write(Answers.redirect(to: "3"))
                case "/a/3": connection.write(Answers.redirect(to: "//\(host)/a/4"))
                default: connection.write(Answers.text(200, "OK", body: String(path)))
                }
            }
        }
        let response = try await fetcher.fetch(.plain(server.url + "/a/1", redirectsMax: 3))
        #expect(response.body == Array("/a/4".utf8))
    }

    @Test func redirectElsewhereIsRefusedByNameAndNobodyThereIsAsked() async throws {
        let other = try LoopbackServer(answering: Answers.ok)
        let addresses = [
            ("http://other.test/x?secret=1", "other.test"), ("//other.test/", "other.test"),
            ("http://127.0.0.1:\(other.port)/", "127.0.0.1"), ("http://localhost:\(other.port)/", "localhost"),
            ("https://127.0.0.1/", "127.0.0.1"), ("http://127.0.0.1.other.test/", "127.0.0.1.other.test"),
            ("http://[::1]/", "[::1]"),
        ]
        for (location, host) in addresses {
            let server = try LoopbackServer(answering: Answers.redirect(to: location))
            await #expect(throws: FetchError.redirectRefused(host: host), "\(location)") {
                try await fetcher.fetch(.plain(server.url, redirectsMax: 3))
            }
            #expect(server.requestHeads.count == 1)
        }
        #expect(other.connectionCount == 0)
    }

    @Test(arguments: [
        "ftp://127.0.0.1/", "file:///etc/passwd", "http://user:secret@127.0.0.1/", "http://", "javascript:1",
    ])
    func redirectToWhatIsNoPlainAddressIsRefused(location: String) async throws {
        let server = try LoopbackServer(answering: Answers.redirect(to: location))
        let error = await #expect(throws: FetchError.self) {
            try await fetcher.fetch(.plain(server.url, redirectsMax: 3))
        }
        guard case .redirectRefused(let host) = error else {
            Issue.record("not refused as a redirect: \(String(describing: error))")
            return
        }
        #expect(!host.contains("secret"))
    }

    @Test func redirectIsRefusedWhereNoneIsAllowed() async throws {
        let server = try LoopbackServer(answering: Answers.redirect(to: "/new"))
        await #expect(throws: FetchError.redirectRefused(host: "127.0.0.1")) {
            try await fetcher.fetch(.plain(server.url))
        }
        #expect(server.requestHeads.count == 1)
    }

    @Test func redirectsInACircleEnd() async throws {
        let server = try LoopbackServer(answering: Answers.redirect(to: "/again"))
        await #expect(throws: FetchError.redirectRefused(host: "127.0.0.1")) {
            try await fetcher.fetch(.plain(server.url, redirectsMax: 3))
        }
        #expect(server.requestHeads.count == 4)
    }

    @Test func postIsNeverSentTwice() async throws {
        let server = try LoopbackServer(answering: Answers.redirect(to: "/new", status: 307))
        var request = FetchRequest.plain(server.url, redirectsMax: 3)
        request.method = .post
        request.body = [1]
        #expect(try await fetcher.fetch(request).status == 307)
        #expect(server.requestHeads.count == 1)
    }

    @Test func redirectWithoutAddressIsAnAnswer() async throws {
        let server = try LoopbackServer(answering: Answers.text(304, "Not Modified"))
        #expect(try await fetcher.fetch(.plain(server.url, redirectsMax: 3)).status == 304)
        let bare = try LoopbackServer(answering: Answers.text(302, "Found"))
        #expect(try await fetcher.fetch(.plain(bare.url, redirectsMax: 3)).status == 302)
    }
}
