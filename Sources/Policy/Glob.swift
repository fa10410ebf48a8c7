/// A pattern for texts made of segments with slashes between them: `*` stands for any bytes but a slash, `**` for any
/// bytes at all, and everything else for itself.
///
/// An empty segment, `.` and `..` may mean another path than the text shows, so no wildcard ever covers one: a text
/// matches only if it has as many of them as the pattern writes out.
///
/// All ways to match are followed at once, one bit for each, so the time is the length of the text times the length of
/// the pattern over 64, whatever the two are.
public final class Glob: Sendable {
    /// The most bytes of a pattern.
    static let bytesMax = 1024
    /// Signs that mean something in other patterns, and would silently mean themselves here.
    private static let foreign = Array("?[]{}\\".utf8)

    private static let slash = UInt8(ascii: "/")
    private static let star = UInt8(ascii: "*")

    /// Words of 64 bits in a set of places; place `i` is before the `i`th piece of the pattern, the last after all.
    private let words: Int
    /// For each byte, the row in `steps`.
    private let rows: [UInt8]
    /// For each row, the places from which its bytes lead to the next place. Row 0 is for bytes that aren't written out.
    private let steps: [UInt64]
    /// The places that a byte other than a slash leaves as they are: before `*` and `**`.
    private let wildcards: [UInt64]
    /// The places that a slash leaves as they are: before `**`.
    private let crossings: [UInt64]
    private let last: Int
    private let oddSegments: Int

    /// Reads a pattern; nil unless it has 1 to 1024 bytes, none of `?[]{}\`, and no three `*` in a row.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard (1...Self.bytesMax).contains(bytes.count), !bytes.contains(where: Self.foreign.contains) else {
            return nil
        }
        let words = bytes.count / 64 + 1
        var rows = [UInt8](repeating: 0, count: 256)
        var steps = [UInt64](repeating: 0, count: words)
        var wildcards = steps
        var crossings = steps
        var place = 0
        var rest = bytes[...]
        while let byte = rest.popFirst() {
            let (word, bit) = (place / 64, UInt64(1) << UInt64(place % 64))
            if byte != Self.star {
                if rows[Int(byte)] == 0 {
                    // No text has all 256 bytes: UTF-8 never uses 13 of them.
                    rows[Int(byte)] = UInt8(truncatingIfNeeded: steps.count / words)
                    steps += [UInt64](repeating: 0, count: words)
                }
                steps[Int(rows[Int(byte)]) * words + word] |= bit
            } else {
                wildcards[word] |= bit
                if rest.first == Self.star {
                    rest = rest.dropFirst()
                    crossings[word] |= bit
                    if rest.first == Self.star { return nil }
                }
            }
            place += 1
        }
        self.words = words
        self.rows = rows
        self.steps = steps
        self.wildcards = wildcards
        self.crossings = crossings
        last = place
        oddSegments = bytes.withUnsafeBufferPointer(Self.oddSegments)
    }

    /// Whether the whole text matches.
    public func matches(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { matches($0) }
    }

    /// Whether the whole text matches.
    func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        let isReached = withUnsafeTemporaryAllocation(of: UInt64.self, capacity: words) { places in
            places.initialize(repeating: 0)
            // A wildcard may stand for nothing, here and below.
            places[0] = 1 | (wildcards[0] & 1) << 1
            for byte in text {
                let row = Int(rows[Int(byte)]) * words
                var (stepCarry, passCarry, any): (UInt64, UInt64, UInt64) = (0, 0, 0)
                for word in 0..<words {
                    let stepped = places[word] & steps[row + word]
                    let stayed = places[word] & (byte == Self.slash ? crossings[word] : wildcards[word])
                    let moved = stepped << 1 | stepCarry | stayed
                    // No two wildcards are neighbours, so passing one never leads to another.
                    let passed = moved & wildcards[word]
                    places[word] = moved | passed << 1 | passCarry
                    stepCarry = stepped >> 63
                    passCarry = passed >> 63
                    any |= places[word]
                }
                if any == 0 { return false }
            }
            return places[last / 64] >> UInt64(last % 64) & 1 == 1
        }
        return isReached && Self.oddSegments(in: text) == oddSegments
    }

    /// How many segments are empty, `.` or `..`.
    private static func oddSegments(in bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var count = 0
        // Bytes of the segment so far, as long as they are dots.
        var dots: Int? = 0
        for byte in bytes {
            if byte == slash {
                if let seen = dots, seen <= 2 { count += 1 }
                dots = 0
            } else {
                dots = byte == UInt8(ascii: ".") ? dots.map { $0 + 1 } : nil
            }
        }
        if let seen = dots, seen <= 2 { count += 1 }
        return count
    }
}
