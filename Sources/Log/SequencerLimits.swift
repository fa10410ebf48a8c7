public import Transparency

/// How much a ``Sequencer`` takes on.
public struct SequencerLimits: Sendable, Equatable {
    /// How many entries may wait; more are refused with `LogError.busy`.
    public let queueMax: Int
    /// How many entries one batch, and so one transaction, holds.
    public let batchMax: Int
    /// The size at which the log is full. static-ct-api's leaf index has 40 bits.
    public let sizeMax: TreeSize

    /// Sets the limits; numbers below 1 count as 1.
    public init(queueMax: Int = 1024, batchMax: Int = 256, sizeMax: TreeSize = TreeSize(1 << 40)) {
        self.queueMax = max(1, queueMax)
        self.batchMax = max(1, batchMax)
        self.sizeMax = sizeMax
    }
}
