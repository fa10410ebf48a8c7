import Wire

/// What a log says its tree is, as the text of a signed note (C2SP tlog-checkpoint).
public struct Checkpoint: Sendable, Hashable {
    /// Which log.
    public let origin: LogOrigin
    /// How many entries.
    public let size: TreeSize
    /// The Merkle Tree Hash over them.
    public let root: MerkleHash
    /// Lines that follow; none in a certificate log. Each is non-empty and without newline.
    public let extensionLines: [String]

    /// Puts the parts together; no extension lines.
    public init(origin: LogOrigin, size: TreeSize, root: MerkleHash) {
        self.origin = origin
        self.size = size
        self.root = root
        extensionLines = []
    }

    /// The note's text.
    public var text: String {
        ([origin.name, size.description, Base64.encode(root.bytes)] + extensionLines).joined(separator: "\n") + "\n"
    }

    /// Reads a note's text. Throws `.malformed(.checkpoint)`: too few lines, an empty line, a size with a sign, a
    /// leading zero or more than 64 bits, a root that is not the base64 of 32 bytes, or a control character; and
    /// `.malformed(.origin)` for an origin that could not be a key name.
    public init(text: String) throws(TransparencyError) {
        let bytes = Array(text.utf8)
        let newline = UInt8(ascii: "\n")
        guard bytes.last == newline, bytes.allSatisfy({ $0 >= 0x20 || $0 == newline }) else {
            throw .malformed(.checkpoint)
        }
        let lines = bytes.dropLast().split(separator: newline, omittingEmptySubsequences: false)
        guard lines.count >= 3, lines.allSatisfy({ !$0.isEmpty }), let size = TreeSize(decimal: lines[1]),
            let hash = try? Base64.decode(Array(lines[2])), let root = MerkleHash(bytes: hash)
        else { throw .malformed(.checkpoint) }
        origin = try LogOrigin(String(decoding: lines[0], as: UTF8.self))
        self.size = size
        self.root = root
        extensionLines = lines.dropFirst(3).map { String(decoding: $0, as: UTF8.self) }
    }
}
