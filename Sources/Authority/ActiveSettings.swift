import Fetching
import Identity
import Issuance

/// What a reload exchanges, as one whole: a request sees one configuration from its first step to its last.
struct ActiveSettings: Sendable {
    let verifier: TokenVerifier
    let possession: PossessionProof
    let issuerRows: [IssuerRow]

    /// The parts that these settings ask for; `predecessor` lends the issuers' keys that it has fetched.
    init(_ settings: AuthoritySettings, fetcher: Fetcher, predecessor: ActiveSettings?) {
        verifier =
            predecessor?.verifier.reconfigured(settings.identity)
            ?? TokenVerifier(settings: settings.identity, fetcher: fetcher)
        possession = PossessionProof(allowed: settings.clientSigningAlgorithms)
        issuerRows = settings.identity.publicRows
    }
}
