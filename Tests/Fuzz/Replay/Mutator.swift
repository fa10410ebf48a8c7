import TestKit

/// Makes bad inputs of good ones, the same in every run.
struct Mutator {
    /// Lengths, counts and numbers that decoders get wrong.
    private static let extremes: [[UInt8]] = [
        [0], [0x7F], [0x80], [0xFF], [0xFF, 0xFF], [0x7F, 0xFF], [0xFF, 0xFF, 0xFF], [0x84, 0xFF, 0xFF, 0xFF, 0xFF],
        [UInt8](repeating: 0xFF, count: 8), Array("-1".utf8), Array("9223372036854775808".utf8), Array("1e999".utf8),
        Array("\r\n".utf8), Array("\u{2028}".utf8), [0xC3], [0xED, 0xA0, 0x80],
    ]

    private var generator: SeededGenerator

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    /// One of the inputs with one to four changes.
    mutating func mutation(of inputs: [[UInt8]]) -> [UInt8] {
        var bytes = inputs.randomElement(using: &generator) ?? []
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            bytes = changed(bytes, among: inputs)
        }
        return bytes
    }

    private mutating func changed(_ bytes: [UInt8], among inputs: [[UInt8]]) -> [UInt8] {
        let piece = range(in: bytes)
        switch Int.random(in: 0..<7, using: &generator) {
        case 0: return generator.flipped(bytes)
        case 1: return Array(bytes[..<piece.lowerBound])
        case 2: return Array(bytes[..<piece.lowerBound] + bytes[piece.upperBound...])
        case 3: return Array(bytes[..<piece.upperBound] + bytes[piece.lowerBound...])
        case 4:
            let other = inputs.randomElement(using: &generator) ?? []
            return Array(bytes[..<piece.lowerBound] + other[range(in: other)] + bytes[piece.upperBound...])
        case 5:
            let extreme = Self.extremes.randomElement(using: &generator) ?? []
            return Array(bytes[..<piece.lowerBound] + extreme + bytes[piece.lowerBound...].dropFirst(extreme.count))
        default:
            return Array(bytes[..<piece.lowerBound] + generator.bytes(upTo: 4) + bytes[piece.lowerBound...])
        }
    }

    private mutating func range(in bytes: [UInt8]) -> Range<Int> {
        let a = Int.random(in: 0...bytes.count, using: &generator)
        let b = Int.random(in: 0...bytes.count, using: &generator)
        return min(a, b)..<max(a, b)
    }
}
