import Testing
import TrustRoot

@Suite("URLs of services")
struct ServiceURLTests {
    @Test(arguments: [
        ("http://127.0.0.1:5555", "127.0.0.1", true), ("https://sign.example.internal", "sign.example.internal", true),
        ("http://[::1]:80", "::1", true), ("https://a.example/ct", "a.example", false),
    ])
    func hostIsWhatGoCallsHostname(text: String, host: String, isOrigin: Bool) throws {
        let url = try ServiceURL(text)
        #expect((url.text, url.host, url.isOrigin) == (text, host, isOrigin))
    }

    @Test(arguments: [
        "", "sign.example", "ftp://a", "https://", "https://a/", "https://a/b/", "https://a?x", "https://a#x",
        "https://a:",
        "https://a:0", "https://a:70000", "https://a:1x", "https://user@a", "https://a b", "https://ä", "https://[::1",
        "https://[::1]x", "https://a\"", "HTTPS://a", "https://a:+80",
    ])
    func whatClientsStumbleOverIsRefused(text: String) {
        #expect(throws: TrustRootError.self) { try ServiceURL(text) }
    }

    @Test func pathsAreAppended() throws {
        let url = try ServiceURL("https://a:1").appending("/ct")
        #expect((url.text, url.host, url.isOrigin) == ("https://a:1/ct", "a", false))
    }
}
