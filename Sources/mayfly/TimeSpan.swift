import ArgumentParser

/// A length of time on the command line, such as `90s`, `5m`, `12h` or `2d`.
struct TimeSpan: ExpressibleByArgument {
    static let day = TimeSpan(seconds: 86_400, text: "1d")

    let seconds: Int64
    /// As it was written.
    let defaultValueDescription: String

    private init(seconds: Int64, text: String) {
        self.seconds = seconds
        defaultValueDescription = text
    }

    init?(argument: String) {
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        let digits = argument.dropLast()
        guard let unit = argument.last.flatMap({ units[$0] }), (1...6).contains(digits.utf8.count),
            digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let count = Int64(digits)
        else { return nil }
        self.init(seconds: count * unit, text: argument)
    }
}
