import Fetching
import Wire

/// Where an issuer's keys come from, and how long they are good. All entries of one URL say the same.
struct KeySource: Sendable, Hashable {
    /// CAs in PEM.
    enum Authorities: Sendable, Hashable {
        /// In the configuration itself.
        case inline([UInt8])
        /// In this file, which is read anew for every fetch: CAs are renewed too.
        case file(String)
    }

    /// A file with the key set; the network isn't asked then.
    let jwksFile: String?
    /// CAs that may have signed the issuer's TLS certificate, besides the system's.
    let authorities: Authorities?
    /// A file with a bearer token that the issuer wants to see, read anew for every fetch.
    let tokenFile: String?
    /// Whether the cluster's own issuer may be behind the URL.
    let mayBeCluster: Bool
    /// The proxy, where one is chosen.
    let proxy: ProxyChoice?
    /// How long the keys are good.
    let lifetimes: KeySetState.Lifetimes

    /// What to show and whom to believe when an issuer's documents are fetched. Throws `.issuerUnreachable` when a file
    /// can't be read.
    func access(to issuer: IssuerURL, readFile: FileReading) throws(IdentityError) -> KeyAccess {
        if tokenFile != nil || mayBeCluster && ClusterFiles.issuers.contains(issuer.text) {
            return try clusterAccess(readFile)
        }
        let pem = try authorities.map { authorities throws(IdentityError) in try Self.pem(authorities, readFile) }
        let policy = FetchPolicy(
            allowsHTTP: issuer.isPlain,
            redirectsMax: Self.redirectsMax,
            authorities: pem.map { .systemPlus(pem: $0) } ?? .system,
            proxy: proxy ?? .environment
        )
        return KeyAccess(policy: policy, headers: [])
    }

    /// OIDC-46, inside a Kubernetes cluster: the API server's certificate is signed by the cluster's CA, and it shows its
    /// documents to who has a service account's token.
    ///
    /// The API server may name its own address as `jwks_uri`, so the token is sent to a second host. That is safe for
    /// three reasons. The cluster's CA is the only one that is trusted here, so both peers are ones that the cluster
    /// vouches for under the very address asked. The name of the second comes from the first over that connection. And
    /// never over plain HTTP; a redirect to another host isn't followed (``Fetcher``).
    private func clusterAccess(_ readFile: FileReading) throws(IdentityError) -> KeyAccess {
        let token = readFile(tokenFile ?? ClusterFiles.token)
        if token == nil, tokenFile != nil { throw .issuerUnreachable }
        let policy = FetchPolicy(
            allowsHTTP: false,
            redirectsMax: Self.redirectsMax,
            authorities: .only(pem: try Self.pem(authorities ?? .file(ClusterFiles.authorities), readFile)),
            // What is inside the cluster isn't behind a proxy.
            proxy: proxy ?? .direct
        )
        guard let token else { return KeyAccess(policy: policy, headers: []) }
        let text = String(decoding: token, as: UTF8.self).split(whereSeparator: \.isWhitespace).joined()
        return KeyAccess(policy: policy, headers: [("Authorization", "Bearer \(text)")])
    }

    private static let redirectsMax = 3

    private static func pem(_ authorities: Authorities, _ readFile: FileReading) throws(IdentityError) -> [UInt8] {
        switch authorities {
        case .inline(let pem): return pem
        case .file(let path):
            guard let pem = readFile(path), isCertificates(pem) else { throw .issuerUnreachable }
            return pem
        }
    }

    /// Whether the text is certificates in PEM and nothing else.
    static func isCertificates(_ pem: [UInt8]) -> Bool {
        guard let blocks = try? PEMBlock.all(in: pem) else { return false }
        return blocks.allSatisfy { $0.label == "CERTIFICATE" }
    }
}
