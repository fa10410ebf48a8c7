/// How many entries a tree holds.
public struct TreeSize: Sendable, Hashable, Comparable {
    /// The tree without entries.
    public static let empty = TreeSize(0)

    /// The number of leaves.
    public let value: UInt64

    /// A tree of `value` leaves.
    public init(_ value: UInt64) {
        self.value = value
    }

    /// Whether the tree holds the entry.
    public func contains(_ index: LeafIndex) -> Bool {
        index.value < value
    }

    /// The size after `count` more entries; nil past the end of 64 bits.
    public func growing(by count: Int) -> TreeSize? {
        guard count >= 0 else { return nil }
        let (sum, overflow) = value.addingReportingOverflow(UInt64(count))
        return overflow ? nil : TreeSize(sum)
    }

    /// The index of the last entry; nil for the empty tree.
    public var lastIndex: LeafIndex? {
        value == 0 ? nil : LeafIndex(value - 1)
    }

    /// Smaller trees first.
    public static func < (left: TreeSize, right: TreeSize) -> Bool {
        left.value < right.value
    }
}

extension TreeSize: CustomStringConvertible {
    /// The decimal number.
    public var description: String { String(value) }
}

extension TreeSize {
    /// Reads ASCII digits without sign and without leading zeroes, as tlog-checkpoint writes a size; nil otherwise.
    public init?(decimal digits: some Collection<UInt8>) {
        guard let value = UInt64(strictDecimal: digits) else { return nil }
        self.init(value)
    }
}

extension UInt64 {
    /// ASCII digits only: `UInt64(_: String)` would also take "+7" and "007".
    init?(strictDecimal digits: some Collection<UInt8>) {
        guard let first = digits.first, first != UInt8(ascii: "0") || digits.count == 1 else { return nil }
        var value: UInt64 = 0
        for digit in digits {
            guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { return nil }
            let (product, tooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, alsoTooLarge) = product.addingReportingOverflow(UInt64(digit - UInt8(ascii: "0")))
            guard !tooLarge, !alsoTooLarge else { return nil }
            value = sum
        }
        self = value
    }
}
