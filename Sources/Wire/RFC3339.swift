/// Moments as protobuf's JSON mapping and TUF write them (RFC 3339), in milliseconds since 1970.
public enum RFC3339 {
    /// Reads `YYYY-MM-DDTHH:MM:SS`, a fraction if there is one, and `Z` or an offset; nil for anything else. What is
    /// finer than a millisecond is cut off; years go from 0001 to 9999.
    public static func milliseconds(_ text: some StringProtocol) -> Int64? {
        var scanner = Scanner(rest: Array(text.utf8)[...])
        guard let year = scanner.number(4), year >= 1, scanner.take("-"), let month = scanner.number(2),
            scanner.take("-"), let day = scanner.number(2), scanner.take("T"), let hour = scanner.number(2),
            scanner.take(":"), let minute = scanner.number(2), scanner.take(":"), let second = scanner.number(2),
            let fraction = scanner.fraction(), let offset = scanner.offsetSeconds(), scanner.rest.isEmpty,
            hour < 24, minute < 60, second < 60, let days = CivilDate(year: year, month: month, day: day).daysSince1970
        else { return nil }
        return ((days * 24 + hour) * 60 + minute) * 60_000 + second * 1000 + fraction - offset * 1000
    }

    /// The same in whole seconds, those before 1970 rounded up.
    public static func seconds(_ text: some StringProtocol) -> Int64? { milliseconds(text).map { $0 / 1000 } }

    /// `2026-11-24T09:41:07Z`, of seconds since 1970; years beyond 9999 are written with more digits.
    public static func text(seconds: Int64) -> String {
        let (days, second) = seconds.quotientAndRemainder(dividingBy: 86_400)
        let date = CivilDate(daysSince1970: second < 0 ? days - 1 : days)
        let time = second < 0 ? second + 86_400 : second
        return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
            + "T\(padded(time / 3600, 2)):\(padded(time / 60 % 60, 2)):\(padded(time % 60, 2))Z"
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private struct Scanner {
        var rest: ArraySlice<UInt8>

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard rest.first == UInt8(ascii: character) else { return false }
            rest.removeFirst()
            return true
        }

        mutating func number(_ count: Int) -> Int64? {
            guard rest.count >= count else { return nil }
            var value: Int64 = 0
            for digit in rest.prefix(count) {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
                value = value * 10 + Int64(digit - UInt8(ascii: "0"))
            }
            rest.removeFirst(count)
            return value
        }

        /// Milliseconds; zero without a fraction, nil for one of no digits or more than nine, which protobuf doesn't have.
        mutating func fraction() -> Int64? {
            guard take(".") else { return 0 }
            var digits: [Int64] = []
            while let digit = number(1) { digits.append(digit) }
            guard (1...9).contains(digits.count) else { return nil }
            return (digits + [0, 0]).prefix(3).reduce(0) { $0 * 10 + $1 }
        }

        mutating func offsetSeconds() -> Int64? {
            if take("Z") { return 0 }
            let isEast = take("+")
            guard isEast || take("-"), let hours = number(2), take(":"), let minutes = number(2), hours < 24,
                minutes < 60
            else { return nil }
            return (isEast ? 1 : -1) * (hours * 3600 + minutes * 60)
        }
    }
}
