import Testing
import Wire

@Suite("protobuf's JSON mapping, read strictly")
struct ProtoObjectTests {
    private static let fields = ["logIndex", "rawBytes", "x509CertificateChain", "items", "start", "kind", "name"]

    private func object(_ text: String) throws -> ProtoObject {
        try ProtoObject(parsing: Array(text.utf8), limits: .default, fields: Self.fields)
    }

    private func fault(_ text: String, _ read: (ProtoObject) throws -> Void) -> ProtoFault? {
        do { try read(try object(text)) } catch { return error as? ProtoFault }
        return nil
    }

    @Test func absentAndNullAreZero() throws {
        for text in ["{}", #"{"logIndex":null,"rawBytes":null,"items":null,"start":null,"kind":null,"name":null}"#] {
            let empty = try object(text)
            #expect(try empty.integer("logIndex") == 0)
            #expect(try empty.bytes("rawBytes").isEmpty)
            #expect(try empty.objects("items", max: 0, fields: []).isEmpty)
            #expect(try empty.byteStrings("items", max: 0).isEmpty)
            #expect(try empty.milliseconds("start") == nil)
            #expect(try empty.enumeration("kind", [1: "ONE"]).isEmpty)
            #expect(try empty.text("name").isEmpty)
            #expect(try !empty.has("name"))
            #expect(try empty.object("x509CertificateChain", fields: []) == nil)
        }
    }

    @Test func bothSpellingsAreRead() throws {
        #expect(try object(#"{"log_index":"7"}"#).integer("logIndex") == 7)
        #expect(try object(#"{"x509_certificate_chain":{}}"#).has("x509CertificateChain"))
        #expect(try object(#"{"raw_bytes":"AQI="}"#).bytes("rawBytes") == [1, 2])
    }

    @Test(
        "numbers of 64 bits, as texts and as numbers",
        arguments: [(#""9223372036854775807""#, Int64.max), ("12", 12), (#""-3""#, -3)] as [(String, Int64)]
    )
    func numbersAreRead(text: String, number: Int64) throws {
        #expect(try object(#"{"logIndex":\#(text)}"#).integer("logIndex") == number)
    }

    @Test(
        "base64 in both alphabets, with and without padding and line ends",
        arguments: ["+/8=", "-_8", "+/\\n8=\\r\\n"]
    )
    func bytesAreRead(text: String) throws {
        #expect(try object(#"{"rawBytes":"\#(text)"}"#).bytes("rawBytes") == [0xFB, 0xFF])
    }

    @Test func enumsAreReadByNameAndNumber() throws {
        let names: [Int64: String] = [1: "ONE", 2: "TWO"]
        #expect(try object(#"{"kind":"TWO"}"#).enumeration("kind", names) == "TWO")
        #expect(try object(#"{"kind":1}"#).enumeration("kind", names) == "ONE")
    }

    @Test func eachFaultNamesItsPlace() {
        func expect(_ text: String, _ path: String, _ rule: ProtoFault.Rule, _ read: (ProtoObject) throws -> Void) {
            #expect(fault(text, read) == ProtoFault(path: path, rule: rule), "\(text)")
        }
        expect("[]", "", .notAnObject) { _ in }
        expect(#"{"other":1}"#, "", .unknownField("other")) { _ in }
        expect(#"{"LogIndex":1}"#, "", .unknownField("LogIndex")) { _ in }
        expect(#"{"logIndex":1,"log_index":1}"#, "logIndex", .twoSpellings) { _ = try $0.integer("logIndex") }
        expect(#"{"logIndex":1.5}"#, "logIndex", .notANumber) { _ = try $0.integer("logIndex") }
        expect(#"{"logIndex":"+1"}"#, "logIndex", .notANumber) { _ = try $0.integer("logIndex") }
        expect(#"{"logIndex":"9223372036854775808"}"#, "logIndex", .notANumber) { _ = try $0.integer("logIndex") }
        expect(#"{"rawBytes":"*"}"#, "rawBytes", .notBase64) { _ = try $0.bytes("rawBytes") }
        expect(#"{"rawBytes":"A A="}"#, "rawBytes", .notBase64) { _ = try $0.bytes("rawBytes") }
        expect(#"{"rawBytes":1}"#, "rawBytes", .notAText) { _ = try $0.bytes("rawBytes") }
        expect(#"{"name":{}}"#, "name", .notAText) { _ = try $0.text("name") }
        expect(#"{"items":{}}"#, "items", .notAnArray) { _ = try $0.objects("items", max: 9, fields: []) }
        expect(#"{"items":[1,2]}"#, "items", .tooMany(max: 1)) { _ = try $0.objects("items", max: 1, fields: []) }
        expect(#"{"items":[{},1]}"#, "items[1]", .notAnObject) { _ = try $0.objects("items", max: 9, fields: []) }
        expect(#"{"items":[{"a":1}]}"#, "items[0]", .unknownField("a")) {
            _ = try $0.objects("items", max: 9, fields: [])
        }
        expect(#"{"items":["AA=="," "]}"#, "items[1]", .notBase64) { _ = try $0.byteStrings("items", max: 9) }
        expect(#"{"start":"today"}"#, "start", .notAMoment) { _ = try $0.milliseconds("start") }
        expect(#"{"kind":"THREE"}"#, "kind", .notOfTheEnum) { _ = try $0.enumeration("kind", [1: "ONE"]) }
        expect(#"{"kind":3}"#, "kind", .notOfTheEnum) { _ = try $0.enumeration("kind", [1: "ONE"]) }
        expect("{}", "x509CertificateChain", .missing) { _ = try $0.required("x509CertificateChain", fields: []) }
        expect(#"{"name":"a","name":"b"}"#, "", .json(.json(.duplicateName, line: 1, column: 18))) { _ in }
    }
}
