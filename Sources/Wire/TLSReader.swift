/// Reads the presentation language of TLS (RFC 8446 §3) from front to back.
///
/// Each read throws ``WireError/tlsTruncated(needed:available:)`` if the field is not there in full.
public struct TLSReader: Sendable {
    private let input: [UInt8]
    private var position = 0

    /// Starts at the first byte.
    public init(_ bytes: [UInt8]) {
        input = bytes
    }

    /// How many bytes are left.
    public var remaining: Int { input.count - position }

    /// Whether everything has been read.
    public var isAtEnd: Bool { position == input.count }

    /// Throws ``WireError/tlsTrailingBytes(count:)`` unless everything has been read.
    public func finish() throws(WireError) {
        guard isAtEnd else { throw .tlsTrailingBytes(count: remaining) }
    }

    /// `uint8`.
    public mutating func u8() throws(WireError) -> UInt8 { UInt8(truncatingIfNeeded: try integer(1)) }

    /// `uint16`.
    public mutating func u16() throws(WireError) -> UInt16 { UInt16(truncatingIfNeeded: try integer(2)) }

    /// `uint24`.
    public mutating func u24() throws(WireError) -> UInt32 { UInt32(truncatingIfNeeded: try integer(3)) }

    /// `uint32`.
    public mutating func u32() throws(WireError) -> UInt32 { UInt32(truncatingIfNeeded: try integer(4)) }

    /// Five bytes, the leaf index of static-ct-api.
    public mutating func u40() throws(WireError) -> UInt64 { try integer(5) }

    /// `uint64`.
    public mutating func u64() throws(WireError) -> UInt64 { try integer(8) }

    /// This many bytes, `opaque x[n]`.
    public mutating func bytes(_ count: Int) throws(WireError) -> [UInt8] {
        guard count >= 0, count <= remaining else { throw .tlsTruncated(needed: count, available: remaining) }
        defer { position += count }
        return Array(input[position..<position + count])
    }

    /// `opaque x<0..2^8-1>`.
    public mutating func vector8() throws(WireError) -> [UInt8] { try vector(lengthBytes: 1) }

    /// `opaque x<0..2^16-1>`.
    public mutating func vector16() throws(WireError) -> [UInt8] { try vector(lengthBytes: 2) }

    /// `opaque x<0..2^24-1>`.
    public mutating func vector24() throws(WireError) -> [UInt8] { try vector(lengthBytes: 3) }

    private mutating func vector(lengthBytes: Int) throws(WireError) -> [UInt8] {
        let count = try integer(lengthBytes)
        return try bytes(Int(clamping: count))
    }

    private mutating func integer(_ byteCount: Int) throws(WireError) -> UInt64 {
        guard byteCount <= remaining else { throw .tlsTruncated(needed: byteCount, available: remaining) }
        var value: UInt64 = 0
        for index in position..<position + byteCount { value = value << 8 | UInt64(input[index]) }
        position += byteCount
        return value
    }
}
