/// SplitMix64: the same inputs in every run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) }
    }

    mutating func bytes(upTo countMax: Int) -> [UInt8] {
        bytes(Int.random(in: 0...countMax, using: &self))
    }

    /// The bytes with one bit changed.
    mutating func flipped(_ bytes: [UInt8]) -> [UInt8] {
        guard let place = bytes.indices.randomElement(using: &self) else { return bytes }
        var changed = bytes
        changed[place] ^= 1 << UInt8.random(in: 0...7, using: &self)
        return changed
    }
}

/// Bytes from hexadecimal digits; for constants of the tests only.
func bytes(_ hex: String) -> [UInt8] {
    let digits = hex.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
}

func hex(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
}
