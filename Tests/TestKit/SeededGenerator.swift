/// SplitMix64: the same inputs in every run, on every machine.
public struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    /// Starts the sequence that belongs to `seed`.
    public init(seed: UInt64) { state = seed }

    /// The next number of the sequence.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// So many bytes.
    public mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) }
    }

    /// So many bytes or fewer.
    public mutating func bytes(upTo countMax: Int) -> [UInt8] {
        bytes(Int.random(in: 0...countMax, using: &self))
    }

    /// The bytes with one bit changed.
    public mutating func flipped(_ bytes: [UInt8]) -> [UInt8] {
        guard let place = bytes.indices.randomElement(using: &self) else { return bytes }
        var changed = bytes
        changed[place] ^= 1 << UInt8.random(in: 0...7, using: &self)
        return changed
    }

    /// Text that is nearly a format: mostly pieces of it, now and then any byte.
    public mutating func soup(of pieces: [String], countMax: Int) -> [UInt8] {
        var text: [UInt8] = []
        for _ in 0..<Int.random(in: 0...countMax, using: &self) {
            if Int.random(in: 0..<40, using: &self) == 0 {
                text.append(UInt8.random(in: 0...255, using: &self))
            } else {
                text.append(contentsOf: (pieces.randomElement(using: &self) ?? "").utf8)
            }
        }
        return text
    }
}
