/// How many certificates one token may get.
public enum TokenUses: Sendable, Equatable {
    /// Any number, until the token expires.
    case reusable
    /// At most so many, 1 or more.
    case limited(to: Int)
}
