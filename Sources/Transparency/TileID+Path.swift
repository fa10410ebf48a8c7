extension TileID {
    /// `<L>/<N>[.p/<W>]`, for example `0/x001/x234/067.p/5`: what follows `tile/` in a URL (C2SP tlog-tiles).
    public var path: String { "\(level)/\(location)" }

    /// `data/<N>[.p/<W>]`: what follows `tile/` in the URL of the data tile (C2SP static-ct-api, "Log entries").
    public var dataPath: String { "data/\(location)" }

    /// `entries/<N>[.p/<W>]`: what follows `tile/` in the URL of the entry bundle (C2SP tlog-tiles, "Log entries").
    public var entriesPath: String { "entries/\(location)" }

    /// Reads `<L>/<N>[.p/<W>]`; throws `.malformed(.tilePath)` for everything that `path` would not have written.
    public init(path: String) throws(TransparencyError) {
        let parts = path.utf8.split(separator: UInt8(ascii: "/"), maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].count <= 2, let level = UInt64(strictDecimal: parts[0]), level <= 63 else {
            throw .malformed(.tilePath)
        }
        self = try TileID(level: Int(level), location: parts[1])
    }

    /// Reads `data/<N>[.p/<W>]`; throws `.malformed(.tilePath)` for everything that `dataPath` would not have written.
    public init(dataPath: String) throws(TransparencyError) {
        guard dataPath.utf8.starts(with: "data/".utf8) else { throw .malformed(.tilePath) }
        self = try TileID(level: 0, location: dataPath.utf8.dropFirst("data/".utf8.count))
    }

    /// Reads `entries/<N>[.p/<W>]`; throws `.malformed(.tilePath)` for everything that `entriesPath` would not have written.
    public init(entriesPath: String) throws(TransparencyError) {
        guard entriesPath.utf8.starts(with: "entries/".utf8) else { throw .malformed(.tilePath) }
        self = try TileID(level: 0, location: entriesPath.utf8.dropFirst("entries/".utf8.count))
    }

    /// `<N>[.p/<W>]`.
    private var location: String {
        var groups = [TileID.threeDigits(index % 1000)]
        var rest = index / 1000
        while rest > 0 {
            groups.append("x" + TileID.threeDigits(rest % 1000))
            rest /= 1000
        }
        let number = groups.reversed().joined(separator: "/")
        return isFull ? number : "\(number).p/\(width)"
    }

    private init(level: Int, location: Substring.UTF8View) throws(TransparencyError) {
        var elements = location.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        var width = UInt64(TileID.fullWidth)
        // A partial tile's last element is its width, and the one before ends in ".p".
        if elements.count >= 2, elements[elements.count - 2].suffix(2).elementsEqual(".p".utf8) {
            guard let last = elements.popLast(), last.count <= 3, let partial = UInt64(strictDecimal: last),
                (1...255).contains(partial), let group = elements.popLast()
            else { throw .malformed(.tilePath) }
            width = partial
            elements.append(group.dropLast(2))
        }
        guard let index = TileID.index(ofGroups: elements) else { throw .malformed(.tilePath) }
        self.init(knownLevel: level, index: index, width: Int(width))
    }

    /// `x001/x234/067` is 1,234,067; nil unless written in exactly that way.
    private static func index(ofGroups groups: [Substring.UTF8View]) -> UInt64? {
        var index: UInt64 = 0
        for (position, group) in groups.enumerated() {
            let isLast = position == groups.count - 1
            guard isLast || group.first == UInt8(ascii: "x") else { return nil }
            let digits = isLast ? group : group.dropFirst()
            guard digits.count == 3, digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
                return nil
            }
            let value = digits.reduce(UInt64(0)) { $0 * 10 + UInt64($1 - UInt8(ascii: "0")) }
            // A leading group of zeroes is a second name for the same tile.
            guard position > 0 || isLast || value > 0 else { return nil }
            guard index <= (UInt64.max >> 8) / 1000 else { return nil }
            index = index * 1000 + value
        }
        return groups.isEmpty || index > UInt64.max >> 8 ? nil : index
    }

    private static func threeDigits(_ value: UInt64) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, 3 - digits.count)) + digits
    }
}
