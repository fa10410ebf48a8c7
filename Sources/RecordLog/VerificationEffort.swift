/// How many signatures are verified for one request: one who sends many verifiers and many signatures would have each
/// tried with each.
struct VerificationEffort: Sendable, Equatable {
    /// The most verifications of one request. Sixteen signatures, their verifiers in the same order, need no more.
    static let verificationsMax = 32

    private(set) var left = Self.verificationsMax

    /// Takes note of a verification that is about to be made. Throws `.tooManyVerifications`.
    mutating func spend() throws(ProposalProblem) {
        guard left > 0 else { throw .tooManyVerifications }
        left -= 1
    }
}
