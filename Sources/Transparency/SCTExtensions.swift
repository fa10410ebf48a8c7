import Wire

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
        var writer = TLSWriter(reserving: 8)
        writer.u8(0)
        writer.u16(5)
        do { try writer.u40(leafIndex.value) } catch { throw .tooLarge(.extensions) }
        bytes = writer.bytes
    }

    private init(known bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// `opaque <0..2^16-1>`; the length has been checked.
    func write(to writer: inout TLSWriter) {
        writer.u16(UInt16(truncatingIfNeeded: bytes.count))
        writer.bytes(bytes)
    }

    /// The entry's index if the log wrote one; nil when it didn't. Throws `.malformed(.extensions)` when the bytes are
    /// not a list of extensions, when a type comes twice, or when the index doesn't have five bytes.
    public func leafIndex() throws(TransparencyError) -> LeafIndex? {
        var reader = TLSReader(bytes)
        var seen: Set<UInt8> = []
        var index: LeafIndex?
        do {
            while !reader.isAtEnd {
                let type = try reader.u8()
                guard seen.insert(type).inserted else { throw TransparencyError.malformed(.extensions) }
                var data = TLSReader(try reader.vector16())
                guard type == 0 else { continue }
                index = LeafIndex(try data.u40())
                try data.finish()
            }
        } catch {
            throw .malformed(.extensions)
        }
        return index
    }
}
