import Identity
import Wire

/// One line of a rule: a claim, and what is asked of it. A class, for copies of its parts would cost more than its work.
final class Condition: Sendable {
    /// The claim as it is written in the configuration.
    let claim: String
    let path: ClaimPath
    let test: ClaimTest
    /// What is asked, in words, such as `must be branch or tag`.
    let demand: String

    init(claim: String, path: ClaimPath, test: ClaimTest, demand: String) {
        self.claim = claim
        self.path = path
        self.test = test
        self.demand = demand
    }

    func holds(for claims: JSON) -> Bool {
        test.holds(for: path.value(in: claims))
    }
}
