import Synchronization
import Testing

@testable import Identity

@Suite("OIDC-42: whose keys are remembered")
struct KeySetCacheTests {
    private let settings: IdentitySettings
    private let exact = (0..<300).map { "https://exact-\($0).example" }

    init() throws {
        let entries = exact.map { "\"\($0)\": {client-id: c, type: email}" }.joined(separator: ", ")
        settings = try IdentitySettings.parse(
            """
            {oidc-issuers: {\(entries)}, meta-issuers: {"https://a.example/*": {client-id: c, type: email}}}
            """
        )
    }

    private func ask(_ cache: KeySetCache, _ url: String) async throws {
        let issuer = try #require(settings.settings(for: IssuerURL(url)))
        _ = try await cache.keys(of: IssuerURL(url), issuer)
    }

    private static func keys(_ generation: UInt64) throws(IdentityError) -> IssuerKeys {
        let set = try JSONWebKeySet(json: Array(#"{"keys":[]}"#.utf8))
        return IssuerKeys(set: set, algorithms: [], generation: generation)
    }

    @Test("issuers that a pattern invented push out one another, never a configured one")
    func inventedIssuersMakeRoomForOneAnother() async throws {
        let now = Mutex<Int64>(0)
        let fetched = Mutex<[String]>([])
        let cache = KeySetCache(
            fetch: { _, issuer, generation throws(IdentityError) in
                fetched.withLock { $0.append(issuer.text) }
                return try Self.keys(generation)
            },
            now: { now.withLock { $0 } }
        )
        for url in exact { try await ask(cache, url) }
        for number in 0..<KeySetCache.inventedMax + 44 {
            now.withLock { $0 = Int64(number / 4) }
            try await ask(cache, "https://a.example/\(number)")
        }
        fetched.withLock { $0 = [] }
        for url in exact { try await ask(cache, url) }
        try await ask(cache, "https://a.example/299")
        #expect(fetched.withLock { $0 } == [])
        try await ask(cache, "https://a.example/0")
        #expect(fetched.withLock { $0 } == ["https://a.example/0"])
    }

    @Test("invented issuers that never answer leave no room for further ones, and all for the configured")
    func silentInventionsStayAmongThemselves() async throws {
        let started = AsyncStream.makeStream(of: Void.self)
        let waiting = Mutex<[CheckedContinuation<Void, Never>]>([])
        let cache = KeySetCache(
            fetch: { _, issuer, generation throws(IdentityError) in
                if issuer.text.hasPrefix("https://a.example/silent") {
                    await withCheckedContinuation { continuation in
                        waiting.withLock { $0.append(continuation) }
                        started.continuation.yield()
                    }
                }
                return try Self.keys(generation)
            },
            now: { 0 }
        )
        try await withThrowingTaskGroup { group in
            for number in 0..<KeySetCache.inventedMax {
                group.addTask { try await ask(cache, "https://a.example/silent-\(number)") }
            }
            var events = started.stream.makeAsyncIterator()
            for _ in 0..<KeySetCache.inventedMax { await events.next() }
            await #expect(throws: IdentityError.issuerUnreachable) { try await ask(cache, "https://a.example/other") }
            for url in exact { try await ask(cache, url) }
            for continuation in waiting.withLock({ $0 }) { continuation.resume() }
            try await group.waitForAll()
        }
        try await ask(cache, "https://a.example/other")
    }
}
