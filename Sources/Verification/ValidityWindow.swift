public import Wire

/// When something in a trusted root was in use (`TimeRange` of `sigstore_common.proto`); both ends belong to it.
public struct ValidityWindow: Sendable, Equatable {
    /// The first moment, in milliseconds since 1970; nil for since ever.
    public let startMilliseconds: Int64?
    /// The last moment, in milliseconds since 1970; nil while it is in use.
    public let endMilliseconds: Int64?

    /// Makes a window.
    public init(startMilliseconds: Int64?, endMilliseconds: Int64? = nil) {
        self.startMilliseconds = startMilliseconds
        self.endMilliseconds = endMilliseconds
    }

    /// Whether a moment belongs to it.
    public func contains(milliseconds: Int64) -> Bool {
        startMilliseconds.map { $0 <= milliseconds } ?? true && endMilliseconds.map { milliseconds <= $0 } ?? true
    }

    /// The message's fields.
    public static let fields = ["start", "end"]

    /// Reads the message; an absent one is without ends.
    public init(_ range: ProtoObject?) throws(ProtoFault) {
        startMilliseconds = try range?.milliseconds("start")
        endMilliseconds = try range?.milliseconds("end")
    }
}
