import Transparency
import Wire

/// Moments as people write them: RFC 3339 in UTC.
enum UTCTime {
    /// `2026-11-24T09:41:07.123Z`.
    static func text(_ time: EntryTimestamp) -> String {
        let milliseconds = time.milliseconds % 1000
        let whole = text(seconds: time.seconds).dropLast()
        return "\(whole).\(padded(Int(milliseconds), 3))Z"
    }

    /// `2026-11-24T09:41:07Z`.
    static func text(seconds: Int64) -> String { RFC3339.text(seconds: seconds) }

    /// Reads `YYYY-MM-DD`, its first moment or with `isEnd` the next day's; `YYYY-MM-DDTHH:MM:SS` and `Z` or an offset;
    /// or how long ago, such as `90s`, `15m`, `12h` and `7d`. Nil for everything else, and before 1970.
    static func parse(_ text: String, isEnd: Bool, now: EntryTimestamp) -> EntryTimestamp? {
        if let ago = secondsAgo(text) { return timestamp(now.seconds - ago) }
        let parts = text.split(separator: /[Tt]/, maxSplits: 1, omittingEmptySubsequences: false)
        guard let date = parts.first, let day = day(date) else { return nil }
        if parts.count == 1 { return timestamp((day + (isEnd ? 1 : 0)) * 86_400) }
        guard let match = parts[1].wholeMatch(of: /(\d\d):(\d\d):(\d\d)([Zz]|([+-])(\d\d):(\d\d))/),
            let hours = Int64(match.1), let minutes = Int64(match.2), let seconds = Int64(match.3), hours < 24,
            minutes < 60, seconds < 60
        else { return nil }
        var offset: Int64 = 0
        if let sign = match.5, let offsetHours = match.6.flatMap({ Int64($0) }),
            let offsetMinutes = match.7.flatMap({ Int64($0) })
        {
            guard offsetHours < 24, offsetMinutes < 60 else { return nil }
            offset = (sign == "-" ? -1 : 1) * (offsetHours * 3600 + offsetMinutes * 60)
        }
        return timestamp(day * 86_400 + hours * 3600 + minutes * 60 + seconds - offset)
    }

    private static func secondsAgo(_ text: String) -> Int64? {
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        let digits = text.dropLast()
        guard let unit = text.last.flatMap({ units[$0] }), (1...9).contains(digits.utf8.count),
            digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let count = Int64(digits)
        else { return nil }
        return count * unit
    }

    private static func timestamp(_ seconds: Int64) -> EntryTimestamp? {
        UInt64(exactly: seconds).map { EntryTimestamp(milliseconds: $0 * 1000) }
    }

    private static func day(_ text: Substring) -> Int64? {
        guard let match = text.wholeMatch(of: /(\d{4})-(\d\d)-(\d\d)/), let year = Int64(match.1),
            let month = Int64(match.2), let date = Int64(match.3)
        else { return nil }
        return CivilDate(year: year, month: month, day: date).daysSince1970.flatMap { $0 >= 0 ? $0 : nil }
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
