import Identity
import Wire

/// One line of a rule: a claim, and what is asked of it.
struct Condition: Sendable {
    /// The claim as it is written in the configuration.
    let claim: String
    let path: ClaimPath
    let test: ClaimTest
    /// What is asked, in words, such as `must be branch or tag`.
    let demand: String

    func holds(for claims: JSON) -> Bool {
        test.holds(for: path.value(in: claims))
    }
}
