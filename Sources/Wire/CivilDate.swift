/// A day of the Gregorian calendar, and how many days it is from 1970-01-01.
public struct CivilDate: Sendable, Hashable {
    /// 1 … 9999 for dates that RFC 3339 can write; the arithmetic holds beyond.
    public let year: Int64
    /// 1 … 12.
    public let month: Int64
    /// 1 … 31.
    public let day: Int64

    /// Puts the parts together; ``daysSince1970`` says whether there is such a day.
    public init(year: Int64, month: Int64, day: Int64) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// The day that is so many days after 1970-01-01, negative ones before it; at most 4,000,000 either way.
    public init(daysSince1970 days: Int64) {
        // Eras of 400 years, each beginning on a first of March, so that the leap day is a year's last.
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let ofEra = shifted - era * 146_097
        let year = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * year + year / 4 - year / 100)
        let shiftedMonth = (5 * ofYear + 2) / 153
        day = ofYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        self.year = year + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// The distance from 1970-01-01; nil for what no calendar has, such as a 30th of February, and for years outside
    /// 0 … 9999.
    public var daysSince1970: Int64? {
        guard (0...9999).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
        let shifted = month > 2 ? year : year - 1
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let ofEra = shifted - era * 400
        let ofYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        let days = era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468
        return CivilDate(daysSince1970: days) == self ? days : nil
    }
}
