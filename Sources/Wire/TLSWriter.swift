/// Writes the presentation language of TLS (RFC 8446 §3): big-endian numbers, and vectors with their length in front.
public struct TLSWriter: Sendable {
    /// What has been written so far.
    public private(set) var bytes: [UInt8] = []

    /// Starts empty; `reserving` is the expected size in bytes.
    public init(reserving: Int = 256) {
        bytes.reserveCapacity(reserving)
    }

    /// `uint8`.
    public mutating func u8(_ value: UInt8) { bytes.append(value) }

    /// `uint16`.
    public mutating func u16(_ value: UInt16) { append(UInt64(value), byteCount: 2) }

    /// `uint24`. Throws ``WireError/tlsTooLong(count:max:)`` above 2^24 - 1.
    public mutating func u24(_ value: UInt32) throws(WireError) { try append(UInt64(value), fitting: 3) }

    /// `uint32`.
    public mutating func u32(_ value: UInt32) { append(UInt64(value), byteCount: 4) }

    /// Five bytes, the leaf index of static-ct-api. Throws ``WireError/tlsTooLong(count:max:)`` above 2^40 - 1.
    public mutating func u40(_ value: UInt64) throws(WireError) { try append(value, fitting: 5) }

    /// `uint64`.
    public mutating func u64(_ value: UInt64) { append(value, byteCount: 8) }

    /// Bytes without a length, `opaque x[n]`.
    public mutating func bytes(_ value: some Collection<UInt8>) { bytes.append(contentsOf: value) }

    /// `opaque x<0..2^8-1>`. Throws ``WireError/tlsTooLong(count:max:)``.
    public mutating func vector8(_ value: some Collection<UInt8>) throws(WireError) {
        try vector(value, lengthBytes: 1)
    }

    /// `opaque x<0..2^16-1>`. Throws ``WireError/tlsTooLong(count:max:)``.
    public mutating func vector16(_ value: some Collection<UInt8>) throws(WireError) {
        try vector(value, lengthBytes: 2)
    }

    /// `opaque x<0..2^24-1>`. Throws ``WireError/tlsTooLong(count:max:)``.
    public mutating func vector24(_ value: some Collection<UInt8>) throws(WireError) {
        try vector(value, lengthBytes: 3)
    }

    private mutating func vector(_ value: some Collection<UInt8>, lengthBytes: Int) throws(WireError) {
        try append(UInt64(value.count), fitting: lengthBytes)
        bytes.append(contentsOf: value)
    }

    private mutating func append(_ value: UInt64, fitting byteCount: Int) throws(WireError) {
        let max = UInt64(1) << (8 * byteCount) - 1
        guard value <= max else { throw .tlsTooLong(count: Int(clamping: value), max: Int(clamping: max)) }
        append(value, byteCount: byteCount)
    }

    private mutating func append(_ value: UInt64, byteCount: Int) {
        for shift in stride(from: 8 * (byteCount - 1), through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }
}
