import Testing
import Wire

@Suite("RFC 3339")
struct InternetTimeTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00Z"), (951_782_399, "2000-02-28T23:59:59Z"), (951_782_400, "2000-02-29T00:00:00Z"),
        (1_795_500_000, "2026-11-24T06:00:00Z"), (253_402_300_799, "9999-12-31T23:59:59Z"),
    ])
    func momentsAreTextsAndBack(seconds: Int64, text: String) {
        #expect(InternetTime.text(seconds: seconds) == text)
        #expect(InternetTime.seconds(text) == seconds)
    }

    @Test(arguments: [
        "", "2026-11-24", "2026-11-24T06:00:00", "2026-11-24t06:00:00Z", "2026-11-24 06:00:00Z", "2026-13-01T00:00:00Z",
        "2026-02-29T00:00:00Z", "2026-11-24T24:00:00Z", "2026-11-24T06:60:00Z", "2026-11-24T06:00:60Z",
        "1969-12-31T23:59:59Z", "2026-11-24T06:00:00+0", "2026-11-24T06:00:0éZ", "+026-11-24T06:00:00Z",
    ])
    func otherFormsAreRefused(text: String) {
        #expect(InternetTime.seconds(text) == nil)
    }
}
