import Fetching
import Wire

/// Gets an issuer's keys: OpenID Connect Discovery 1.0 §4, then the key set it names (OIDC-40…44); or a file.
struct Discovery: Sendable {
    /// The most bytes of either document.
    static let bytesMax = 8 << 20
    /// How long either document may take, in seconds.
    static let timeoutSeconds = 10

    /// Sends one request; the network in production.
    let fetch: @Sendable (FetchRequest) async throws(FetchError) -> FetchResponse
    /// Reads a file that the configuration names.
    let readFile: FileReading

    /// Fetches both documents, or reads the file. Throws `.issuerUnreachable` whatever is wrong with them.
    func keys(
        of issuer: IssuerURL,
        from source: KeySource,
        generation: UInt64
    ) async throws(IdentityError) -> IssuerKeys {
        if let file = source.jwksFile { return try Self.keys(inFile: file, readFile, generation: generation) }
        let access = try source.access(to: issuer, readFile: readFile)
        var base = issuer.text
        while base.hasSuffix("/") { base.removeLast() }
        let metadata = try await document(base + "/.well-known/openid-configuration", access)
        guard let json = try? JSON.parse(metadata, limits: JSONLimits(bytesMax: Self.bytesMax)),
            json["issuer"]?.string == issuer.text, let location = json["jwks_uri"]?.string
        else { throw .issuerUnreachable }
        return IssuerKeys(
            set: try JSONWebKeySet(json: try await document(location, access)),
            algorithms: Self.algorithms(json["id_token_signing_alg_values_supported"]),
            generation: generation
        )
    }

    /// Nobody announces algorithms here, so each key's own `alg` is what restricts them. A set without a key that can be
    /// used is most likely a file that is just being written.
    static func keys(
        inFile path: String,
        _ readFile: FileReading,
        generation: UInt64
    ) throws(IdentityError) -> IssuerKeys {
        guard let bytes = readFile(path) else { throw .issuerUnreachable }
        let set = try JSONWebKeySet(json: bytes)
        guard !set.keys.isEmpty else { throw .issuerUnreachable }
        return IssuerKeys(set: set, algorithms: Set(TokenAlgorithm.allCases), generation: generation)
    }

    private func document(_ url: String, _ access: KeyAccess) async throws(IdentityError) -> [UInt8] {
        let request = FetchRequest(
            url: url,
            headers: [("Accept", "application/json")] + access.headers,
            timeoutSeconds: Self.timeoutSeconds,
            responseBytesMax: Self.bytesMax,
            policy: access.policy
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
