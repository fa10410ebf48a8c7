import SwiftASN1

/// A Time (RFC 5280 §4.1) as swift-asn1 reads it.
struct LintTime {
    /// Seconds since 1970.
    let seconds: Int64
    /// Whether it is a UTCTime before 2050 and a GeneralizedTime from then on (RFC 5280 §4.1.2.5).
    let hasRightType: Bool

    init(_ node: ASN1Node?) throws {
        guard let node else { throw ASN1Error.truncatedASN1Field() }
        if node.identifier == .utcTime {
            let time = try UTCTime(derEncoded: node)
            seconds = Self.seconds(
                days: Self.days(year: time.year, month: time.month, day: time.day),
                hours: time.hours,
                minutes: time.minutes,
                seconds: time.seconds
            )
            // A UTCTime has no other years than 1950 to 2049.
            hasRightType = true
        } else {
            let time = try GeneralizedTime(derEncoded: node)
            guard time.fractionalSeconds == 0 else { throw ASN1Error.invalidASN1Object(reason: "fractional seconds") }
            seconds = Self.seconds(
                days: Self.days(year: time.year, month: time.month, day: time.day),
                hours: time.hours,
                minutes: time.minutes,
                seconds: time.seconds
            )
            hasRightType = time.year >= 2050
        }
    }

    private static func seconds(days: Int, hours: Int, minutes: Int, seconds: Int) -> Int64 {
        Int64(days) * 86_400 + Int64(hours * 3_600 + minutes * 60 + seconds)
    }

    /// Days since 1970-01-01 in the Gregorian calendar; the year counts from March, so that the leap day is its last.
    private static func days(year: Int, month: Int, day: Int) -> Int {
        let year = month > 2 ? year : year - 1
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return 365 * year + year / 4 - year / 100 + year / 400 + dayOfYear - 719_468
    }
}
