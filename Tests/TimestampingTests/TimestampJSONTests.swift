import Keys
import Testing
import Wire

@testable import Timestamping

@Suite("Requests for timestamps in JSON, as Sigstore's authority reads them")
struct TimestampJSONTests {
    private static let hash = [UInt8](repeating: 5, count: 32)

    private func read(_ members: String) throws -> TimestampRequest {
        try TimestampRequest(json: Array("{\(members)}".utf8))
    }

    private func with(_ members: String) throws -> TimestampRequest {
        let comma = members.isEmpty ? "" : ", "
        return try read(
            #""artifactHash": "\#(Base64.encode(Self.hash))", "hashAlgorithm": "sha256"\#(comma)\#(members)"#
        )
    }

    @Test func membersMeanWhatTheirNamesSay() throws {
        let plain = try with("")
        #expect(plain.digest == .sha256 && plain.imprint == Self.hash && plain.nonce == nil && plain.policy == nil)
        #expect(!plain.wantsCertificates && plain.hasNullParameter)
        #expect(try with(#""certificates": true"#).wantsCertificates)
        #expect(try with(#""tsaPolicyOID": "1.2.3.4""#).policy?.dotted == "1.2.3.4")
        #expect(try with(#""nonce": 1123343434"#).nonce == TimestampNonce(decimal: "1123343434"))
        let nothing = try with(#""certificates": null, "nonce": null, "tsaPolicyOID": "", "unknown": [1]"#)
        #expect(nothing == plain)
    }

    @Test(arguments: [
        "0", "-1", "9223372036854775807", "9223372036854775808", "18446744073709551615", "-9223372036854775809",
        "123456789012345678901234567890123456789012345678901234567890",
    ])
    func aNonceMayHaveAnySize(number: String) throws {
        #expect(try with("\"nonce\": \(number)").nonce == TimestampNonce(decimal: number))
        #expect(try with("\"nonce\":\(number)").nonce != nil)
    }

    @Test func aLongNumberInATextStaysText() throws {
        let text = #""x\"12345678901234567890": "\\", "y": "12345678901234567890\""#
        #expect(throws: TimestampingError.unparsable) { try with(text) }
        #expect(try with(text + #"""#) == with(""))
    }

    @Test(arguments: [
        #""nonce": 1.5"#, #""nonce": 1e30"#, #""nonce": 12345678901234567890123.5"#, #""nonce": true"#,
        #""nonce": "x""#, #""certificates": 1"#, #""certificates": "true""#, #""tsaPolicyOID": 1"#,
        #""nonce": 1, "nonce": 2"#,
        #""nonce": 00000000000000000001x"#,
    ])
    func whatIsNotOfItsKindIsUnparsable(members: String) {
        #expect(throws: TimestampingError.unparsable) { try with(members) }
    }

    @Test func otherTextsAreUnparsable() {
        for text in ["", "[]", "null", "{", #"{"a":"# + String(repeating: "1", count: 1100) + "}"] {
            #expect(throws: TimestampingError.unparsable) { try TimestampRequest(json: Array(text.utf8)) }
        }
        #expect(throws: TimestampingError.unparsable) { try read(#""hashAlgorithm": "sha256", "artifactHash": "!!""#) }
    }

    @Test func whatGetsNoTimestampIsRefused() {
        #expect(throws: TimestampingError.refused(.badAlg)) { try read("") }
        #expect(throws: TimestampingError.refused(.badAlg)) { try read(#""hashAlgorithm": "sha1""#) }
        #expect(throws: TimestampingError.refused(.badDataFormat)) { try read(#""hashAlgorithm": "SHA512""#) }
        #expect(throws: TimestampingError.refused(.unacceptedPolicy)) { try with(#""tsaPolicyOID": "tsa""#) }
    }
}
