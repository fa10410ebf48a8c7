import Synchronization

/// How many bytes all requests together may keep in memory: each connection's limit, times the connections, is more than
/// a machine has.
final class ByteBudget: Sendable {
    /// The bodies of sixty-four requests as large as they may be; usual ones have some kilobytes.
    static let bytesMax = 256 << 20

    private let taken = Atomic<Int>(0)

    /// Takes `count` bytes; false, and nothing is taken, when that is more than there are.
    func take(_ count: Int) -> Bool {
        let isLeft = taken.wrappingAdd(count, ordering: .relaxed).newValue <= Self.bytesMax
        if !isLeft { giveBack(count) }
        return isLeft
    }

    /// Gives back what was taken.
    func giveBack(_ count: Int) {
        taken.wrappingSubtract(count, ordering: .relaxed)
    }
}
