import Testing
import Wire

@Suite("RFC 3339: moments")
struct RFC3339Tests {
    @Test(
        "moments in every form that protobuf's JSON mapping writes, and some that it reads",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2026-11-24T17:40:01Z", 1_795_542_001_000),
            ("2022-10-31T23:59:59.999Z", 1_667_260_799_999), ("2022-10-31T23:59:59.999999999Z", 1_667_260_799_999),
            ("2022-10-31T23:59:59.5Z", 1_667_260_799_500), ("2024-02-29T12:00:00+02:00", 1_709_200_800_000),
            ("1969-12-31T23:59:59Z", -1000), ("0001-01-01T00:00:00Z", -62_135_596_800_000),
            ("9999-12-31T23:59:59.999Z", 253_402_300_799_999), ("2000-02-29T00:00:00-00:30", 951_784_200_000),
        ] as [(String, Int64)]
    )
    func momentsAreRead(text: String, milliseconds: Int64) {
        #expect(RFC3339.milliseconds(text) == milliseconds)
    }

    @Test(
        "what isn't a moment",
        arguments: [
            "", "2026-11-24", "2026-11-24T17:40:01", "2026-11-24 17:40:01Z", "2026-13-24T17:40:01Z",
            "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-11-24T24:00:00Z", "2026-11-24T17:60:01Z",
            "2026-11-24T17:40:61Z", "2026-11-24T17:40:01.Z", "2026-11-24T17:40:01.1234567890Z", "02026-11-24T17:40:01Z",
            "2026-11-24T17:40:01z", "2026-11-24T17:40:01+24:00", "2026-11-24T17:40:01Z ", "+026-11-24T17:40:01Z",
            "0000-01-01T00:00:00Z",
        ]
    )
    func othersAreRefused(text: String) {
        #expect(RFC3339.milliseconds(text) == nil)
    }

    @Test("seconds are written as they would be read, over all years that can be written")
    func writtenIsRead() {
        for seconds in stride(from: Int64(-62_135_596_800), through: 253_402_300_799, by: 86_399 * 3001) {
            #expect(RFC3339.milliseconds(RFC3339.text(seconds: seconds)) == seconds * 1000)
        }
    }

    @Test("a day is as far from 1970 as the days between are many")
    func daysAreConsecutive() {
        var previous = CivilDate(daysSince1970: -800_000)
        for day in Int64(-719_000)...1_000_000 where day % 97 == 0 {
            let date = CivilDate(daysSince1970: day)
            if date.year >= 0 { #expect(date.daysSince1970 == day) }
            #expect((previous.year, previous.month, previous.day) < (date.year, date.month, date.day))
            previous = date
        }
        #expect(CivilDate(year: 2026, month: 2, day: 29).daysSince1970 == nil)
        #expect(CivilDate(year: 2026, month: 0, day: 1).daysSince1970 == nil)
        #expect(CivilDate(year: 10_000, month: 1, day: 1).daysSince1970 == nil)
    }
}
