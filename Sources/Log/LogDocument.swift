/// Something a log serves.
public struct LogDocument: Sendable, Equatable {
    /// How long it stays what it is.
    public enum Lifetime: Sendable {
        /// For ever: a tile, an issuer.
        case immutable
        /// Until the next entry.
        case changing
    }

    /// The bytes.
    public let bytes: [UInt8]
    /// Their media type.
    public let contentType: String
    /// How long it stays what it is.
    public let lifetime: Lifetime
    /// Names these bytes among all that any log has: of printable ASCII, without quotation mark and comma. Nil for what
    /// has no name.
    public let name: String?

    /// Whether it says things more than once, and so is worth compressing.
    public let isCompressible: Bool

    /// Puts the parts together.
    public init(
        bytes: [UInt8],
        contentType: String,
        lifetime: Lifetime,
        name: String? = nil,
        isCompressible: Bool = false
    ) {
        self.bytes = bytes
        self.contentType = contentType
        self.lifetime = lifetime
        self.name = name
        self.isCompressible = isCompressible
    }
}
