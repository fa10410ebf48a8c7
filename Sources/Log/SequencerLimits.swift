public import Transparency

/// How much a ``Sequencer`` takes on.
public struct SequencerLimits: Sendable, Equatable {
    /// How many entries may wait; more are refused with `LogError.busy`.
    public let queueMax: Int
    /// How many entries one batch, and so one transaction, holds.
    public let batchMax: Int
    /// The size at which the log is full. static-ct-api's leaf index has 40 bits.
    public let sizeMax: TreeSize
    /// How far the clock may be behind the last entry; the log's time stands still meanwhile. Corrections of a clock
    /// are smaller, and a clock that is further behind is wrong, or was when the last entry came.
    public let clockBehindMax: Duration

    /// Sets the limits; numbers below 1 count as 1.
    public init(
        queueMax: Int = 1024,
        batchMax: Int = 256,
        sizeMax: TreeSize = TreeSize(1 << 40),
        clockBehindMax: Duration = .seconds(10)
    ) {
        self.queueMax = max(1, queueMax)
        self.batchMax = max(1, batchMax)
        self.sizeMax = sizeMax
        self.clockBehindMax = clockBehindMax
    }

    /// Throws `.clockBehind` when `now` is too far behind the time of the tree.
    func checkClock(_ now: EntryTimestamp, behind head: TreeHead) throws(LogError) {
        guard now < head.timestamp else { return }
        let behind = Int64(clamping: head.timestamp.milliseconds - now.milliseconds)
        guard .milliseconds(behind) <= clockBehindMax else { throw .clockBehind(seconds: behind / 1000) }
    }
}
