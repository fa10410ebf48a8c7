import Wire

/// A bound of a number, exact for every whole number.
struct NumberBound: Sendable {
    enum Relation: String, Sendable, CaseIterable {
        case atLeast = "at-least"
        case atMost = "at-most"
        case moreThan = "more-than"
        case lessThan = "less-than"
    }

    /// Whole numbers beyond Int64 count as its ends, so the ends themselves can't be bounds.
    static let range = (Int.min + 1)...(Int.max - 1)

    let relation: Relation
    let value: Int64

    func holds(for number: Number) -> Bool {
        switch relation {
        case .atLeast: number.floor >= value
        case .atMost: number.ceiling <= value
        case .moreThan: number.ceiling > value
        case .lessThan: number.floor < value
        }
    }

    /// A claim as a number: the whole numbers next to it, which is all that whole bounds need.
    struct Number {
        let floor: Int64
        let ceiling: Int64

        /// A JSON number, or a text of decimal digits with or without a minus; nil for everything else.
        init?(_ json: JSON) {
            if let integer = json.integer {
                floor = integer
                ceiling = integer
            } else if let real = json.number {
                floor = Self.saturated(real.rounded(.down))
                ceiling = Self.saturated(real.rounded(.up))
            } else if let integer = json.withUTF8(Self.integer) ?? nil {
                floor = integer
                ceiling = integer
            } else {
                return nil
            }
        }

        private static func saturated(_ whole: Double) -> Int64 {
            Int64(exactly: whole) ?? (whole < 0 ? .min : .max)
        }

        private static func integer(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
            let isNegative = text.first == UInt8(ascii: "-")
            let digits = text.dropFirst(isNegative ? 1 : 0)
            guard !digits.isEmpty, digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
                return nil
            }
            return Int64(String(decoding: text, as: UTF8.self)) ?? (isNegative ? .min : .max)
        }
    }
}
