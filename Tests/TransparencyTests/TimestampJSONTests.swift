import TestKit
import Testing
import Transparency
import Wire

@Suite("API-33, CT-8: a timestamp as JSON")
struct TimestampJSONTests {
    static let foreign = try? SignedCertificateTimestamp(encoded: bytes(ForeignLog.timestampHex))

    /// Member and value; nil leaves the member out.
    static let wrongMembers: [(String, String?)] = [
        ("sct_version", "1"), ("sct_version", "\"0\""), ("sct_version", nil), ("sct_version", "0.0"), ("id", nil),
        ("id", "\"AAAA\""), ("id", "\"!\""), ("id", "0"), ("timestamp", "-1"), ("timestamp", "\"1\""),
        ("timestamp", "1.5"), ("timestamp", nil), ("timestamp", "18446744073709551616"), ("extensions", "0"),
        ("extensions", "\"A\""), ("extensions", "null"), ("signature", nil), ("signature", "\"\""), ("signature", "[]"),
    ]

    /// The members' values as text; each can be replaced.
    private static func json(_ changes: [String: String?] = [:]) throws -> [UInt8] {
        let timestamp = try #require(foreign)
        let members: [(String, String)] = [
            ("sct_version", "0"), ("id", "\"\(Base64.encode(timestamp.logID.bytes))\""), ("timestamp", "1795500000123"),
            ("extensions", "\"AAAFAAAAAAc=\""), ("signature", "\"\(Base64.encode(timestamp.signature.encoded))\""),
        ]
        let text = members.compactMap { name, value in
            (changes[name] ?? value).map { "\"\(name)\":\($0)" }
        }.joined(separator: ",")
        return Array("{\(text)}".utf8)
    }

    @Test
    func membersStandInTheOrderOfRFC6962() throws {
        #expect(try #require(Self.foreign).json == Self.json())
    }

    @Test
    func answerIsRead() throws {
        #expect(try SignedCertificateTimestamp(json: try Self.json()) == Self.foreign)
    }

    @Test
    func unknownMembersAreIgnoredAndExtensionsMayBeAbsentOrEmpty() throws {
        let more = Array("{\"ct_log\":{},".utf8) + (try Self.json().dropFirst())
        #expect(try SignedCertificateTimestamp(json: more) == Self.foreign)
        let absent = try SignedCertificateTimestamp(json: try Self.json(["extensions": nil]))
        let empty = try SignedCertificateTimestamp(json: try Self.json(["extensions": "\"\""]))
        #expect(absent.extensions == .none)
        #expect(empty.extensions == .none)
    }

    @Test(arguments: wrongMembers)
    func anythingElseIsRefused(name: String, value: String?) throws {
        let json = try Self.json([name: value])
        #expect(throws: TransparencyError.self) { try SignedCertificateTimestamp(json: json) }
    }

    @Test(arguments: ["", "null", "[]", "{}", "{\"sct_version\":0", "<html>"])
    func whatIsNoAnswerIsRefused(text: String) {
        #expect(throws: TransparencyError.malformed(.signedCertificateTimestamp)) {
            try SignedCertificateTimestamp(json: Array(text.utf8))
        }
    }

    @Test
    func memberThatComesTwiceIsRefused() throws {
        let twice = Array("{\"timestamp\":1,".utf8) + (try Self.json().dropFirst())
        #expect(throws: TransparencyError.malformed(.signedCertificateTimestamp)) {
            try SignedCertificateTimestamp(json: twice)
        }
    }
}
