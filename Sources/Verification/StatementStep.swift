/// Step G: the signed statement is about this artifact, and of the kind that is wanted (client specification §4.6; in-toto
/// attestation validation). The names of subjects are not looked at: a digest says what is meant.
struct StatementStep {
    let content: SignedContent
    let artifact: ArtifactDigests
    let predicateType: String?

    /// The statement; nil for an artifact's signature, which has none. Throws each of the problems.
    func run() throws(StatementProblem) -> Statement? {
        guard case .envelope(let envelope) = content else {
            guard predicateType == nil else { throw .statementMissing }
            return nil
        }
        guard envelope.payloadType == SignedEnvelope.statementType else {
            throw .payloadType(String(envelope.payloadType.prefix(80)))
        }
        let statement = try Statement(json: envelope.payload)
        guard statement.isAbout(artifact) else { throw .subjectMismatch }
        if let predicateType, predicateType != statement.predicateType {
            throw .predicateMismatch(expected: predicateType, found: statement.predicateType)
        }
        return statement
    }
}
