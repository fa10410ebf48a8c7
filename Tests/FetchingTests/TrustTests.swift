import Fetching
import Testing

@Suite("CT-4, OIDC-44: who is trusted", .serialized)
struct TrustTests {
    private let fetcher = OwnedFetcher()

    private func fetch(
        _ url: String,
        _ authorities: FetchPolicy.Authorities
    ) async throws(FetchError) -> FetchResponse {
        try await fetcher.fetch(
            FetchRequest(url: url + "/keys", policy: FetchPolicy(authorities: authorities, proxy: .direct))
        )
    }

    @Test func serverOfTheGivenAuthorityIsTrustedAloneAndBesidesTheSystems() async throws {
        let server = try TLSServer()
        #expect(try await fetch(server.url, .only(pem: server.authority)).body == Array("the keys".utf8))
        #expect(try await fetch(server.url, .systemPlus(pem: server.authority)).status == 200)
        #expect(try await fetch(server.url, .only(pem: server.otherAuthority + server.authority)).status == 200)
    }

    @Test func serverOfAnotherAuthorityIsNot() async throws {
        let server = try TLSServer()
        let untrusting: [FetchPolicy.Authorities] = [
            .system, .only(pem: server.otherAuthority), .systemPlus(pem: server.otherAuthority), .only(pem: []),
            .systemPlus(pem: []), .only(pem: Array("not PEM".utf8)),
        ]
        for authorities in untrusting {
            await #expect(throws: FetchError.tlsFailed, "\(authorities)") { try await fetch(server.url, authorities) }
        }
    }

    /// A kept connection must not carry a request that trusts others.
    @Test func connectionIsNotUsedAgainUnderOtherTrust() async throws {
        let server = try TLSServer()
        #expect(try await fetch(server.url, .only(pem: server.authority)).status == 200)
        await #expect(throws: FetchError.tlsFailed) { try await fetch(server.url, .only(pem: server.otherAuthority)) }
        #expect(try await fetch(server.url, .only(pem: server.authority)).status == 200)
    }

    @Test func certificateForAnotherNameIsRefused() async throws {
        let server = try TLSServer(name: "DNS:localhost")
        await #expect(throws: FetchError.tlsFailed) { try await fetch(server.url, .only(pem: server.authority)) }
        let response = try await fetch("https://localhost:\(server.port)", .only(pem: server.authority))
        #expect(response.status == 200)
    }

    @Test func expiredCertificateIsRefused() async throws {
        let server = try TLSServer(days: "-1")
        await #expect(throws: FetchError.tlsFailed) { try await fetch(server.url, .only(pem: server.authority)) }
    }

    @Test func plainServerIsNoTLSServer() async throws {
        let server = try LoopbackServer { connection in
            connection.write(Answers.ok)
            connection.waitForEnd()
        }
        await #expect(throws: FetchError.tlsFailed) { try await fetch("https://127.0.0.1:\(server.port)", .system) }
    }
}
