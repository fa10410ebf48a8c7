import Fetching
import Identity
import Issuance
import Policy
import TrustRoot

/// What a reload exchanges, as one whole: a request sees one configuration from its first step to its last.
struct ActiveSettings: Sendable {
    let verifier: TokenVerifier
    let possession: PossessionProof
    let policy: IssuancePolicy
    let issuerRows: [IssuerRow]
    let subjects: SubjectRecording
    let documents: TrustDocuments

    /// The parts that these settings ask for; `predecessor` lends the issuers' keys that it has fetched.
    init(
        _ settings: AuthoritySettings,
        documents: TrustDocuments,
        fetcher: Fetcher,
        predecessor: ActiveSettings?
    ) {
        self.documents = documents
        verifier =
            predecessor?.verifier.reconfigured(settings.identity)
            ?? TokenVerifier(settings: settings.identity, fetcher: fetcher)
        possession = PossessionProof(allowed: settings.clientSigningAlgorithms)
        policy = settings.policy
        subjects = settings.records.subjects
        issuerRows = settings.identity.publicRows
    }
}
