/// A rule's name within its issuer's entry: 1 to 64 of the characters `a-z`, `0-9` and `-`.
public struct RuleID: Sendable, Hashable, CustomStringConvertible {
    /// The name.
    public let text: String

    /// nil for every other text.
    init?(_ text: String) {
        guard (1...64).contains(text.utf8.count) else { return nil }
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
                continue
            default: return nil
            }
        }
        self.text = text
    }

    /// The name.
    public var description: String { text }
}
