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

    mutating func bytes(upTo countMax: Int) -> [UInt8] {
        let count = Int.random(in: 0...countMax, using: &self)
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) }
    }

    /// Text that is nearly the format: mostly pieces of it, now and then any byte.
    mutating func soup(of pieces: [String], countMax: Int) -> [UInt8] {
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
