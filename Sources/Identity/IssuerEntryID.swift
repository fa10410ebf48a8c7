/// Names one entry of the issuers' configuration, from the time it is read until it is read anew.
public struct IssuerEntryID: Sendable, Hashable {
    /// The entry's place among all entries, from 0.
    public let index: Int

    init(_ index: Int) {
        self.index = index
    }
}
