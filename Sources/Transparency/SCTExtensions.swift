/// The extensions of a timestamp, exactly as the log wrote them: at most 65,535 bytes, opaque in RFC 6962 §3.2, and in
/// static-ct-api ("SCT Extension") a list that holds the entry's index.
///
/// ```
/// enum { leaf_index(0), (255) } ExtensionType;
/// struct {
///     ExtensionType extension_type;
///     opaque extension_data<0..2^16-1>;         for leaf_index: uint8 uint40[5], big-endian
/// } Extension;
/// ```
public struct SCTExtensions: Sendable, Hashable {
    /// No extension: what RFC 6962 logs write.
    public static let none = SCTExtensions(known: [])

    /// The bytes between the length and the end of the field.
    public let bytes: [UInt8]

    /// Keeps received bytes. Throws `.tooLarge(.extensions)` past 65,535 bytes.
    public init(bytes: [UInt8]) throws(TransparencyError) {
        guard bytes.count <= UInt16.max else { throw .tooLarge(.extensions) }
        self.bytes = bytes
    }

    /// The one extension that a static-ct-api log writes: 8 bytes. Throws `.tooLarge(.extensions)` for an index of
    /// 2^40 or more.
    public init(leafIndex: LeafIndex) throws(TransparencyError) {
        guard leafIndex.value < 1 << 40 else { throw .tooLarge(.extensions) }
        var bytes: [UInt8] = [0, 0, 5]
        bytes.appendBigEndian(leafIndex.value, byteCount: 5)
        self.bytes = bytes
    }

    private init(known bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The entry's index if the log wrote one; nil when it didn't. Throws `.malformed(.extensions)` when the bytes are
    /// not a list of extensions, when a type comes twice, or when the index doesn't have five bytes.
    public func leafIndex() throws(TransparencyError) -> LeafIndex? {
        var rest = bytes[...]
        var seen: Set<UInt8> = []
        var index: LeafIndex?
        while let type = rest.popFirst() {
            guard seen.insert(type).inserted, let high = rest.popFirst(), let low = rest.popFirst() else {
                throw .malformed(.extensions)
            }
            let length = Int(high) << 8 | Int(low)
            guard rest.count >= length else { throw .malformed(.extensions) }
            if type == 0 {
                guard length == 5 else { throw .malformed(.extensions) }
                index = LeafIndex(rest.prefix(5).reduce(0) { $0 << 8 | UInt64($1) })
            }
            rest = rest.dropFirst(length)
        }
        return index
    }
}

extension [UInt8] {
    /// The low `byteCount` bytes of a number, highest first.
    mutating func appendBigEndian(_ value: UInt64, byteCount: Int) {
        for position in (0..<byteCount).reversed() {
            append(UInt8(truncatingIfNeeded: value >> UInt64(8 * position)))
        }
    }
}
