import Wire

extension Refusal {
    /// Says whose reasons these are (google.rpc.ErrorInfo `domain`).
    static let domain = "mayfly"

    /// The body: API-61's three members, with one `google.rpc.ErrorInfo` where Fulcio has an empty list.
    ///
    /// ```
    /// message ErrorInfo { string reason = 1; string domain = 2; map<string, string> metadata = 3; }
    /// ```
    var body: [UInt8] {
        let metadata = facts.sorted { $0.key < $1.key }.map { ($0.key, JSONText.string($0.value)) }
        let info = JSONText.object([
            ("@type", .string("type.googleapis.com/google.rpc.ErrorInfo")),
            ("reason", .string(reason.rawValue)),
            ("domain", .string(Self.domain)),
            ("metadata", .object(metadata)),
        ])
        return JSONText.object([
            ("code", .integer(code)), ("message", .string(message)), ("details", .array([info])),
        ]).encoded()
    }
}
