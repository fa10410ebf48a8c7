public import Records
public import Transparency

/// A record as a store keeps it.
public struct StoredRecord: Sendable, Hashable {
    /// Its place in the order of storing, from 1; the same for as long as the record is kept. A page of an answer goes
    /// on before the last one's.
    public let number: UInt64
    /// The entry of the log that carries it, if one does.
    public let index: LeafIndex?
    /// What was decided.
    public let record: IssuanceRecord

    /// Puts the parts together.
    public init(number: UInt64, index: LeafIndex?, record: IssuanceRecord) {
        self.number = number
        self.index = index
        self.record = record
    }
}
