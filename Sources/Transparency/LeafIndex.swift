/// The zero-based position of an entry in a log.
public struct LeafIndex: Sendable, Hashable, Comparable {
    /// Entries before this one.
    public let value: UInt64

    /// Names the entry that has `value` entries before it.
    public init(_ value: UInt64) {
        self.value = value
    }

    /// The index of the entry that `size` entries precede: the next one to be appended to a tree of that size.
    public init(after size: TreeSize) {
        value = size.value
    }

    /// The entry `count` places further on; nil past the end of 64 bits.
    public func advanced(by count: Int) -> LeafIndex? {
        guard count >= 0 else { return nil }
        let (sum, overflow) = value.addingReportingOverflow(UInt64(count))
        return overflow ? nil : LeafIndex(sum)
    }

    /// The size of the smallest tree that holds this entry; nil past the end of 64 bits.
    public var treeSizeIncludingIt: TreeSize? {
        let (sum, overflow) = value.addingReportingOverflow(1)
        return overflow ? nil : TreeSize(sum)
    }

    /// Log order.
    public static func < (left: LeafIndex, right: LeafIndex) -> Bool {
        left.value < right.value
    }
}

extension LeafIndex: CustomStringConvertible {
    /// The decimal number.
    public var description: String { String(value) }
}
