import TestKit
import Testing

@testable import Certificates

@Suite("Subject alternative name: RFC 5280 §4.2.1.6, CERT-9, ID-13")
struct SubjectAlternativeNameTests {
    @Test func encodingsAreThoseOfFulcio() throws {
        func recorded(_ recording: FulcioRecording) -> String? {
            recording.extensions.first { $0.identifier == "2.5.29.17" }?.hex
        }
        let email = try SubjectAlternativeName(email: "alice@example.com")
        #expect(hex(try email.generalNames()) == recorded(.emailPlain))
        let username = try SubjectAlternativeName(otherName: "carol!127.0.0.1")
        #expect(hex(try username.generalNames()) == recorded(.usernamePlain))
        let workflow = try SubjectAlternativeName(
            uri: "https://github.com/acme-robotics/arm-controller/.github/workflows/ship.yaml@refs/tags/v1.4.0"
        )
        #expect(hex(try workflow.generalNames()) == recorded(.githubRelease))
    }

    @Test(arguments: ["jäne@example.com", "jane@example.com\0.evil.example", "jane\n@example.com", "\u{7F}"])
    func whatIsNoPrintableASCIIIsRefused(_ text: String) {
        #expect(throws: CertificatesError.nameNotASCII) { try SubjectAlternativeName(email: text) }
        #expect(throws: CertificatesError.nameNotASCII) { try SubjectAlternativeName(uri: text) }
    }

    @Test func emptyNamesAreRefused() {
        #expect(throws: CertificatesError.nameEmpty) { try SubjectAlternativeName(email: "") }
        #expect(throws: CertificatesError.nameEmpty) { try SubjectAlternativeName(uri: "") }
        #expect(throws: CertificatesError.nameEmpty) { try SubjectAlternativeName(otherName: "") }
    }

    @Test func usernamesMayBeAnyText() throws {
        #expect(hex(try SubjectAlternativeName(otherName: "ü!x").generalNames()).hasSuffix("0c04c3bc2178"))
    }

    @Test func nameMadePastTheMakersIsNotEncoded() {
        #expect(throws: CertificatesError.nameNotASCII) { try SubjectAlternativeName.email("jäne@x.y").generalNames() }
        #expect(throws: CertificatesError.nameEmpty) { try SubjectAlternativeName.uri("").generalNames() }
    }
}
