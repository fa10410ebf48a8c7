import Wire

/// When signatures by a key count: from a first second, until a last one if it has been retired.
///
/// What clients compare with it is when something was signed, so a retired key stays listed and old signatures verify.
public struct ValidityWindow: Sendable, Hashable {
    /// The first second, since 1970.
    public let startSeconds: Int64
    /// The last second, since 1970; nil while the key is in use.
    public let endSeconds: Int64?

    /// States a window.
    public init(startSeconds: Int64, endSeconds: Int64? = nil) {
        self.startSeconds = startSeconds
        self.endSeconds = endSeconds
    }

    /// Whether a moment is in it; both ends are.
    public func contains(_ seconds: Int64) -> Bool {
        startSeconds <= seconds && endSeconds.map { seconds <= $0 } ?? true
    }

    /// `dev.sigstore.common.v1.TimeRange`: without a start, Go's client refuses the whole file.
    var json: JSONText {
        var members: [(String, JSONText)] = [("start", .string(RFC3339.text(seconds: startSeconds)))]
        if let endSeconds { members.append(("end", .string(RFC3339.text(seconds: endSeconds)))) }
        return .object(members)
    }
}
