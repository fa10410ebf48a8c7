import Settings

/// So many certificates in so much time, and so many at once.
public struct RateLimit: Sendable, Equatable {
    /// Parts of a certificate; a day's milliseconds, so that each rate fills a bucket with whole parts in a millisecond.
    static let partsPerCertificate: Int64 = 86_400_000
    /// The most certificates of a rate and of a burst: their parts fit Int64 many times over.
    static let countMax = 1_000_000

    /// Parts that a bucket gains in a millisecond, at least 1.
    let gain: Int64
    /// Parts of a full bucket.
    let capacity: Int64

    init(gain: Int64, capacity: Int64) {
        self.gain = gain
        self.capacity = capacity
    }

    /// Reads `{rate: 100/m, burst: 200}`.
    init(_ node: SettingsNode) throws(SettingsError) {
        let keys = try node.restriction(known: ["rate", "burst"])
        let rate = try keys.required("rate")
        let unitsMilliseconds = ["s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000] as [Substring: Int64]
        let parts = try rate.string().split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let unit = unitsMilliseconds[parts[1]], parts[0].utf8.allSatisfy({ 48...57 ~= $0 }),
            let count = Int(parts[0]), (1...Self.countMax).contains(count)
        else { throw rate.invalid("must be 1 to \(Self.countMax), a slash, and s, m, h or d, such as 100/m") }
        gain = Int64(count) * (Self.partsPerCertificate / unit)
        capacity = Int64(try keys.required("burst").integer(in: 1...Self.countMax)) * Self.partsPerCertificate
    }
}

extension RateLimit: CustomStringConvertible {
    /// Such as `100/m`; with the shortest time that it is whole in.
    public var rate: String {
        // So many parts in a millisecond are as many certificates in a day.
        let units = [("s", 86_400), ("m", 1440), ("h", 24)] as [(String, Int64)]
        let unit = units.first { gain % $0.1 == 0 } ?? ("d", 1)
        return "\(gain / unit.1)/\(unit.0)"
    }

    /// How many certificates at once.
    public var burst: Int64 { capacity / Self.partsPerCertificate }

    /// Such as `100/m, burst 200`.
    public var description: String { "\(rate), burst \(burst)" }
}
