/// Moments as texts: RFC 3339 in UTC and whole seconds, such as `2026-11-24T09:41:07Z`.
public enum InternetTime {
    /// The text of a moment in seconds since 1970. For the years 0 to 9999.
    public static func text(seconds: Int64) -> String {
        let (days, second) = seconds.quotientAndRemainder(dividingBy: 86_400)
        let day = second < 0 ? days - 1 : days
        let time = Int(second < 0 ? second + 86_400 : second)
        let (year, month, date) = civil(day: day)
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(date, 2))"
            + "T\(padded(time / 3600, 2)):\(padded(time / 60 % 60, 2)):\(padded(time % 60, 2))Z"
    }

    /// The seconds since 1970 of a text in exactly the form above; nil for every other form, and before 1970.
    public static func seconds(_ text: some StringProtocol) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count == 20, bytes[4] == 0x2D, bytes[7] == 0x2D, bytes[10] == 0x54, bytes[13] == 0x3A,
            bytes[16] == 0x3A, bytes[19] == 0x5A,
            let year = number(bytes[0..<4]), let month = number(bytes[5..<7]), let date = number(bytes[8..<10]),
            let hours = number(bytes[11..<13]), let minutes = number(bytes[14..<16]),
            let seconds = number(bytes[17..<19]), hours < 24, minutes < 60, seconds < 60,
            let day = day(year: year, month: month, date: date)
        else { return nil }
        return day * 86_400 + hours * 3600 + minutes * 60 + seconds
    }

    /// The day since 1970 of a date; nil for what no calendar has, such as a 30th of February, and before 1970.
    public static func day(year: Int64, month: Int64, date: Int64) -> Int64? {
        guard (1970...9999).contains(year), (1...12).contains(month), (1...31).contains(date) else { return nil }
        // The year counts from March, so that the leap day is its last.
        let shifted = month > 2 ? year : year - 1
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + date - 1
        let day = 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
        // What no calendar has becomes another day on its way back.
        return day >= 0 && civil(day: day) == (Int(year), Int(month), Int(date)) ? day : nil
    }

    /// Year, month and day of a day since 1970; the inverse of the above over eras of 400 years.
    private static func civil(day: Int64) -> (Int, Int, Int) {
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let ofEra = shifted - era * 146_097
        let year = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * year + year / 4 - year / 100)
        let month = (5 * ofYear + 2) / 153
        let date = ofYear - (153 * month + 2) / 5 + 1
        let calendar = month < 10 ? month + 3 : month - 9
        return (Int(year + era * 400 + (calendar <= 2 ? 1 : 0)), Int(calendar), Int(date))
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
        var value: Int64 = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            value = value * 10 + Int64(digit - 0x30)
        }
        return value
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
