/// What a JSON parser does with bytes behind the first value.
public enum TrailingBytes: Sendable {
    /// White space may follow, all else is an error.
    case refused
    /// Bytes behind the first value are not looked at, as Fulcio treats a request's body.
    case ignored
}
