public import Fetching
import Wire

/// Says who a token identifies. In three steps: `prepare` gets the keys and may wait for the network, `authenticate` and
/// `identify` are CPU work. Who fails after the second is somebody the issuer vouches for, which the record tells.
public struct TokenVerifier: Sendable {
    /// How far in the future `nbf` may lie, in seconds (OIDC-33).
    static let notBeforeLeewaySeconds: Int64 = 300

    /// How often a token is tried with newer keys.
    private static let renewalsMax = 2

    private let settings: IdentitySettings
    private let cache: KeySetCache

    /// Verifies tokens of these issuers, whose documents `fetcher` gets.
    public init(settings: IdentitySettings, fetcher: Fetcher) {
        self.init(settings: settings) { request throws(FetchError) in try await fetcher.fetch(request) }
    }

    /// The same with something else in the network's place.
    init(
        settings: IdentitySettings,
        now: @escaping @Sendable () -> Int64 = { MonotonicClock.seconds() },
        fetch: @escaping @Sendable (FetchRequest) async throws(FetchError) -> FetchResponse
    ) {
        self.settings = settings
        let discovery = Discovery(fetch: fetch, readFile: settings.readFile)
        cache = KeySetCache(
            fetch: { source, issuer, generation throws(IdentityError) in
                try await discovery.keys(of: issuer, from: source, generation: generation)
            },
            now: now
        )
    }

    /// The same with other settings, and with the keys that have been fetched for issuers that still get them the same way.
    public func reconfigured(_ settings: IdentitySettings) -> TokenVerifier {
        cache.keep(only: settings)
        return TokenVerifier(settings: settings, cache: cache)
    }

    private init(settings: IdentitySettings, cache: KeySetCache) {
        self.settings = settings
        self.cache = cache
    }

    /// Takes a token apart and gets its issuer's keys; suspends only when they aren't at hand.
    /// Throws `.malformed`, `.algorithmRefused`, `.issuerUnknown` and `.issuerUnreachable`.
    public func prepare(_ token: IDToken) async throws(IdentityError) -> PreparedToken {
        let token = try CompactToken(token)
        guard let issuer = settings.settings(for: token.issuer), issuer.entries.contains(where: { $0.type != nil })
        else { throw .issuerUnknown }
        let keys = try await cache.keys(of: token.issuer, issuer)
        return PreparedToken(token: token, issuer: issuer, keys: keys, renewalsLeft: Self.renewalsMax)
    }

    /// The same token with newer keys, after its own didn't verify it; nil when there are none. To be asked again when
    /// they don't either: a fetch that was under way may have begun before the issuer had the token's key. The second
    /// one begins later than that, so there is no third.
    public func renew(_ prepared: PreparedToken) async -> PreparedToken? {
        guard prepared.renewalsLeft > 0 else { return nil }
        let newer = await cache.newerKeys(
            than: prepared.keys.generation,
            of: prepared.token.issuer,
            prepared.issuer
        )
        guard let newer else { return nil }
        return PreparedToken(
            token: prepared.token,
            issuer: prepared.issuer,
            keys: newer.keys,
            renewalsLeft: newer.isOwnFetch ? 0 : prepared.renewalsLeft - 1
        )
    }

    /// Verifies the signature. Throws `.algorithmRefused`, `.keyUnknown` and `.signatureInvalid`. CPU work.
    public func authenticate(_ prepared: PreparedToken) throws(IdentityError) -> AuthenticatedToken {
        AuthenticatedToken(
            keyID: try Self.signer(of: prepared.token, among: prepared.keys),
            token: prepared.token,
            configured: prepared.issuer
        )
    }

    /// Judges audience and time, and reads the identity. `now` is in seconds since 1970. Throws what is wrong with the
    /// claims.
    public func identify(_ authenticated: AuthenticatedToken, now: Int64) throws(IdentityError) -> VerifiedIdentity {
        let token = authenticated.token
        let claims = try Claims(token.claims)
        let settings = try authenticated.configured.entry(for: try claims.audiences())
        guard let type = settings.type else { throw .issuerUnknown }
        let expiry = try Self.checkTime(claims, now: now)
        let named = try type.identity(claims, settings, token.issuer)
        return VerifiedIdentity(
            token: token,
            settings: settings,
            subject: try claims.subject(),
            expirySeconds: expiry,
            named: named,
            keyID: authenticated.keyID
        )
    }

    /// OIDC-35, OIDC-36: the key that signed; every candidate is tried.
    static func signer(of token: CompactToken, among keys: IssuerKeys) throws(IdentityError) -> String? {
        guard keys.algorithms.contains(token.algorithm) else { throw .algorithmRefused }
        let candidates = keys.set.candidates(keyID: token.keyID, algorithm: token.algorithm)
        guard !candidates.isEmpty else { throw .keyUnknown }
        for key in candidates {
            let isValid =
                (try? key.publicKey.verify(
                    token.signature,
                    over: token.signedBytes,
                    with: token.algorithm.scheme,
                    encoding: .fixed
                )) != nil
            if isValid { return key.id }
        }
        throw .signatureInvalid
    }

    /// OIDC-32…34: `exp` must be there and lie ahead, without leeway; `iat` is only read. Returns `exp`.
    static func checkTime(_ claims: Claims, now: Int64) throws(IdentityError) -> Int64 {
        guard let expiry = try claims.moment("exp") else { throw .claimMissing("exp") }
        guard expiry >= now else { throw .expired(secondsAgo: now - expiry) }
        if let start = try claims.moment("nbf"), start > now + notBeforeLeewaySeconds {
            throw .notYetValid(seconds: start - now)
        }
        _ = try claims.moment("iat")
        return expiry
    }
}
