import Identity
import Keys
import Policy
import Records

/// What the record learns on the way: a request that is refused later leaves what was known until then.
extension IssuanceRecord {
    /// The issuer vouches for the token, and so for its `sub`.
    mutating func note(_ token: AuthenticatedToken, subjects: SubjectRecording) {
        issuer = token.issuer.text
        keyID = token.keyID
        subject = token.subject.map { text in
            switch subjects {
            case .plain: text
            case .hashed: "sha256:\(SHA256Digest(hashing: Array(text.utf8)).hex)"
            }
        }
    }

    /// Who it is.
    mutating func note(_ identity: VerifiedIdentity) {
        issuerType = identity.issuerType
        san = identity.san.text
        repository = identity.extensions[.sourceRepositoryURI] ?? identity.extensions[.gitHubWorkflowRepository]
    }

    /// What the rules said; a rule in report mode leaves its reason on what was issued.
    mutating func note(_ permission: Permission) {
        rule = permission.rule?.text
        reason = permission.isOnlyReported ? RefusalReason.ruleDenied.rawValue : nil
    }
}
