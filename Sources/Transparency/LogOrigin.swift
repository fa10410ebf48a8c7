/// The name of a log: the first line of its checkpoints and the key name of its signature lines, which static-ct-api
/// wants equal. By custom a URL without scheme and without trailing slash, such as `rome.ct.example.com/2024h1`.
public struct LogOrigin: Sendable, Hashable {
    /// The most bytes a name may have; the specifications set no limit.
    public static let bytesMax = 1024

    /// The name.
    public let name: String

    /// Checks a name. Throws `.malformed(.origin)` when it is empty, has more than `bytesMax` bytes, or has a Unicode
    /// space, a plus or a control character (C2SP signed-note, "Format").
    public init(_ name: String) throws(TransparencyError) {
        let isAllowed = name.unicodeScalars.allSatisfy { scalar in
            scalar != "+" && scalar.value >= 0x20 && !scalar.properties.isWhitespace
        }
        guard !name.isEmpty, name.utf8.count <= LogOrigin.bytesMax, isAllowed else { throw .malformed(.origin) }
        self.name = name
    }
}

extension LogOrigin: CustomStringConvertible {
    /// The name.
    public var description: String { name }
}
