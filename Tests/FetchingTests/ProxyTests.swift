import Fetching
import Foundation
import Testing

/// The environment belongs to the whole process, so these run one after another; the other suites ask no proxy.
@Suite("OIDC-44: proxies of the environment", .serialized)
struct ProxyTests {
    private static let names = [
        "http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY", "all_proxy",
    ]

    private let fetcher = OwnedFetcher()
    private let proxy: LoopbackServer

    init() throws {
        proxy = try LoopbackServer { connection in
            while let request = connection.readRequest() {
                if request.head.hasPrefix("CONNECT ") {
                    connection.write("HTTP/1.1 502 No\r\nContent-Length: 0\r\n\r\n")
                    return
                }
                connection.write(Answers.text(200, "OK", body: "from the proxy"))
            }
        }
    }

    private func fetch(
        _ url: String,
        environment: [String: String],
        proxy: ProxyChoice = .environment
    ) async throws(FetchError) -> FetchResponse {
        for name in Self.names { unsetenv(name) }
        for (name, value) in environment { setenv(name, value, 1) }
        defer { for name in Self.names { unsetenv(name) } }
        let policy = FetchPolicy(allowsHTTP: true, proxy: proxy)
        return try await fetcher.fetch(FetchRequest(url: url, policy: policy))
    }

    @Test(arguments: ["http_proxy", "HTTP_PROXY"])
    func proxyIsUsedInEitherLetterCase(name: String) async throws {
        let response = try await fetch("http://issuer.invalid/keys", environment: [name: proxy.url])
        #expect(response.body == Array("from the proxy".utf8))
        #expect(try #require(proxy.requestHeads.first).hasPrefix("GET http://issuer.invalid/keys HTTP/1.1\r\n"))
    }

    @Test(arguments: ["https_proxy", "HTTPS_PROXY"])
    func proxyForHTTPSIsAskedToConnect(name: String) async throws {
        await #expect(throws: FetchError.transferFailed) {
            try await fetch("https://issuer.invalid/keys", environment: [name: proxy.url])
        }
        #expect(try #require(proxy.requestHeads.first).hasPrefix("CONNECT issuer.invalid:443 HTTP/1.1\r\n"))
    }

    @Test(arguments: [
        ["http_proxy": "P", "no_proxy": "issuer.invalid"], ["HTTP_PROXY": "P", "NO_PROXY": ".invalid,x.test"],
        ["HTTP_PROXY": "P", "NO_PROXY": "*"], ["HTTPS_PROXY": "P"],
    ])
    func exceptionsAndOtherSchemesGoWithoutProxy(environment: [String: String]) async {
        let environment = environment.mapValues { $0 == "P" ? proxy.url : $0 }
        await #expect(throws: FetchError.hostUnknown) {
            try await fetch("http://issuer.invalid/keys", environment: environment)
        }
        #expect(proxy.connectionCount == 0)
    }

    @Test func policyWithoutProxyIgnoresTheEnvironment() async {
        await #expect(throws: FetchError.hostUnknown) {
            try await fetch(
                "http://issuer.invalid/keys",
                environment: ["http_proxy": proxy.url, "HTTP_PROXY": proxy.url, "all_proxy": proxy.url],
                proxy: .direct
            )
        }
        #expect(proxy.connectionCount == 0)
    }

    @Test func namedProxyIsUsedWhateverTheEnvironmentSays() async throws {
        let environment = ["http_proxy": "http://127.0.0.1:1", "NO_PROXY": "*"]
        let url = "http://issuer.invalid/keys"
        let response = try await fetch(url, environment: environment, proxy: .url(proxy.url))
        #expect(response.body == Array("from the proxy".utf8))
    }

    @Test func choiceIsReadAsItIsConfigured() {
        #expect(ProxyChoice("environment") == .environment)
        #expect(ProxyChoice("none") == .direct)
        #expect(ProxyChoice("http://proxy.example:3128") == .url("http://proxy.example:3128"))
        for text in ["", "proxy.example:3128", "socks5://proxy.example", "http://user:password@proxy.example"] {
            #expect(ProxyChoice(text) == nil, "\(text)")
        }
    }

    @Test(arguments: ["127.0.0.1", "localhost"])
    func thisMachineIsNeverAskedThroughAProxy(host: String) async throws {
        let server = try LoopbackServer(answering: Answers.ok)
        let environment = ["http_proxy": proxy.url, "HTTP_PROXY": proxy.url, "all_proxy": proxy.url]
        let response = try await fetch("http://\(host):\(server.port)/", environment: environment)
        #expect(response.body == Array("hello".utf8))
        #expect(proxy.connectionCount == 0)
    }
}
