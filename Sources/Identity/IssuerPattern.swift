/// A meta issuer's URL with `*`, each standing for one or more of `[-_a-zA-Z0-9]` (OIDC-21): no dot, no slash, never
/// empty, and the whole issuer must match (CVE-2026-22772 was a pattern that need not).
///
/// It is an automaton whose states are the places between its elements; a literal text is one too.
struct IssuerPattern: Sendable, Hashable {
    private enum Element: Hashable {
        /// This byte.
        case byte(UInt8)
        /// One of the class.
        case one
        /// Any number of the class, none too.
        case many

        /// Whether there is a byte that both take.
        func meets(_ other: Element) -> Bool {
            switch (self, other) {
            case (.byte(let left), .byte(let right)): left == right
            case (.byte(let byte), _), (_, .byte(let byte)): IssuerPattern.isInClass(byte)
            default: true
            }
        }
    }

    private let elements: [Element]

    /// Reads a pattern; with `isPattern` false a star stands for itself.
    init(_ text: String, isPattern: Bool = true) {
        var elements: [Element] = []
        elements.reserveCapacity(text.utf8.count + 1)
        for byte in text.utf8 {
            if isPattern, byte == UInt8(ascii: "*") { elements += [.one, .many] } else { elements.append(.byte(byte)) }
        }
        self.elements = elements
    }

    /// Whether the issuer matches.
    func matches(_ issuer: IssuerURL) -> Bool {
        intersects(IssuerPattern(issuer.text, isPattern: false))
    }

    /// Whether some text matches both. Exact: a search through the pairs of places that one text can lead to, at most the
    /// product of both lengths.
    func intersects(_ other: IssuerPattern) -> Bool {
        let width = other.elements.count + 1
        let end = elements.count * width + other.elements.count
        var isSeen = [Bool](repeating: false, count: end + 1)
        var places = [0]
        while let place = places.popLast() {
            if place == end { return true }
            guard !isSeen[place] else { continue }
            isSeen[place] = true
            let left = place / width < elements.count ? elements[place / width] : nil
            let right = place % width < other.elements.count ? other.elements[place % width] : nil
            if left == .many { places.append(place + width) }
            if right == .many { places.append(place + 1) }
            guard let left, let right, left.meets(right) else { continue }
            places.append(place + (left == .many ? 0 : width) + (right == .many ? 0 : 1))
        }
        return false
    }

    private static func isInClass(_ byte: UInt8) -> Bool {
        ASCII.isAlphanumeric(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }
}
