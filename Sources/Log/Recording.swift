/// What became of a record that is stored with a use.
public enum Recording: Sendable, Equatable {
    /// It is stored; `use` is the number of this use, counted from 1, nil where nothing is counted.
    case added(use: Int?)
    /// It isn't stored, for the key has been used so often already.
    case usedUp(uses: Int)
}
