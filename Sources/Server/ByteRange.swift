/// What a `Range` field asks of a document (RFC 9110 §14.1.2, §14.2).
enum ByteRange: Equatable {
    /// All of it: the field is in another unit, asks for several ranges, or isn't well-formed, and then it is ignored.
    case whole
    /// These bytes, at least one.
    case part(Range<Int>)
    /// Nothing that is there.
    case outside

    /// Reads `bytes=first-last`, `bytes=first-` or `bytes=-length` for a document of `count` bytes.
    init(_ text: String, count: Int) {
        let unit = "bytes="
        let ends = text.dropFirst(unit.count).split(separator: "-", omittingEmptySubsequences: false)
        guard text.lowercased().hasPrefix(unit), ends.count == 2,
            let first = Self.number(ends[0]), let last = Self.number(ends[1])
        else {
            self = .whole
            return
        }
        switch (first, last) {
        case (nil, nil): self = .whole
        case (nil, let length?): self = length > 0 && count > 0 ? .part(max(0, count - length)..<count) : .outside
        case (let first?, nil): self = first < count ? .part(first..<count) : .outside
        case (let first?, let last?) where last < first: self = .whole
        case (let first?, let last?): self = first < count ? .part(first..<min(last, count - 1) + 1) : .outside
        }
    }

    /// The number, `.some(nil)` for none, nil for what isn't one. What is too large is the largest.
    private static func number(_ digits: Substring) -> Int?? {
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return .some(digits.isEmpty ? nil : Int(digits) ?? .max)
    }
}
