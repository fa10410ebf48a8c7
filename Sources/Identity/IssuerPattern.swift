/// A meta issuer's URL with `*`, each standing for one or more of `[-_a-zA-Z0-9]` (OIDC-21): no dot, no slash, never
/// empty, and the whole issuer must match (CVE-2026-22772 was a pattern that need not).
struct IssuerPattern: Sendable, Hashable {
    let text: String
    private let pieces: [[UInt8]]

    init(_ text: String) {
        self.text = text
        pieces = text.utf8.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false).map(Array.init)
    }

    /// Whether the issuer matches. Linear in what it costs for one star; bounded for more, since a star can't cross
    /// a character outside its class.
    func matches(_ issuer: IssuerURL) -> Bool {
        Self.matches(Array(issuer.text.utf8)[...], pieces[...])
    }

    private static func matches(_ text: ArraySlice<UInt8>, _ pieces: ArraySlice<[UInt8]>) -> Bool {
        guard let first = pieces.first, text.starts(with: first) else { return false }
        var rest = text.dropFirst(first.count)
        let others = pieces.dropFirst()
        if others.isEmpty { return rest.isEmpty }
        // The star takes one character, then tries to stop after each further one.
        while let byte = rest.first, isInClass(byte) {
            rest = rest.dropFirst()
            if matches(rest, others) { return true }
        }
        return false
    }

    private static func isInClass(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
