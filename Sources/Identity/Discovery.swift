import Fetching
import Wire

/// Gets an issuer's keys: OpenID Connect Discovery 1.0 §4, then the key set it names (OIDC-40…44).
struct Discovery: Sendable {
    /// The most bytes of either document.
    static let bytesMax = 8 << 20
    /// How long either document may take, in seconds.
    static let timeoutSeconds = 10

    /// Sends one request; the network in production.
    let fetch: @Sendable (FetchRequest) async throws(FetchError) -> FetchResponse

    /// Fetches both documents. Throws `.issuerUnreachable` whatever is wrong with them.
    func keys(
        of issuer: IssuerURL,
        authority: [UInt8]?,
        generation: UInt64
    ) async throws(IdentityError) -> IssuerKeys {
        let policy = FetchPolicy(
            allowsHTTP: issuer.isPlain,
            redirectsMax: 3,
            authorities: authority.map { .systemPlus(pem: $0) } ?? .system,
            usesProxy: true
        )
        var base = issuer.text
        while base.hasSuffix("/") { base.removeLast() }
        let metadata = try await document(base + "/.well-known/openid-configuration", policy)
        guard let json = try? JSON.parse(metadata, limits: JSONLimits(bytesMax: Self.bytesMax)),
            json["issuer"]?.string == issuer.text, let location = json["jwks_uri"]?.string
        else { throw .issuerUnreachable }
        return IssuerKeys(
            set: try JSONWebKeySet(json: try await document(location, policy)),
            algorithms: Self.algorithms(json["id_token_signing_alg_values_supported"]),
            generation: generation
        )
    }

    private func document(_ url: String, _ policy: FetchPolicy) async throws(IdentityError) -> [UInt8] {
        let request = FetchRequest(
            url: url,
            headers: [("Accept", "application/json")],
            timeoutSeconds: Self.timeoutSeconds,
            responseBytesMax: Self.bytesMax,
            policy: policy
        )
        let response: FetchResponse
        do { response = try await fetch(request) } catch { throw .issuerUnreachable }
        guard response.status == 200 else { throw .issuerUnreachable }
        return response.body
    }

    /// Those of the announced algorithms that are safe; RS256, the one that every provider has, when none is left.
    private static func algorithms(_ announced: JSON?) -> Set<TokenAlgorithm> {
        let names = announced?.elements?.compactMap(\.string) ?? []
        let known = Set(names.compactMap(TokenAlgorithm.init))
        return known.isEmpty ? [.rs256] : known
    }
}
