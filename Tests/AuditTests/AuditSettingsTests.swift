import Settings
import Testing

@testable import Audit

@Suite("The section audit")
struct AuditSettingsTests {
    private func read(_ text: String) throws -> AuditSettings {
        try AuditSettings(try SettingsNode.parse(text)) { $0.hasPrefix("/") ? $0 : "/data/\($0)" }
    }

    @Test func eachDestinationIsRead() throws {
        #expect(try read("file: a.jsonl").destination == .file(path: "/data/a.jsonl", isSynced: false))
        #expect(try read("{file: /a, sync: true}").destination == .file(path: "/a", isSynced: true))
        #expect(try read("stdout: true").destination == .standardOutput)
        #expect(try read("{stdout: true, sync: false}").destination == .standardOutput)
        #expect(try read("syslog: {}").destination == .syslog(.authpriv, socket: "/dev/log"))
        #expect(try read("syslog: {facility: local0, socket: s}").destination == .syslog(.local0, socket: "/data/s"))
        #expect(try read("file: a").isRequired == false)
        #expect(try read("{file: a, required: true}").isRequired)
    }

    @Test(arguments: [
        ("required: true", 1, "must have exactly one of file, stdout and syslog"),
        ("file: a\nstdout: true", 1, "must have exactly one of file, stdout and syslog"),
        ("sync: false\nstdout: false", 2, "must be true, or absent"),
        ("stdout: true\nsync: true", 2, "is for a file only"),
        ("file: ''", 1, "must be a path"),
        ("syslog: {\n  socket: \(String(repeating: "x", count: 120))}", 2, "must be a path of at most 107 bytes"),
    ])
    func mistakeIsRefusedWithItsLine(text: String, line: Int, rule: String) {
        #expect {
            try read(text)
        } throws: { error in
            guard case .invalid(_, line, rule) = error as? SettingsError else { return false }
            return true
        }
    }

    @Test func unknownFacilityAndKeyAreRefused() {
        #expect(throws: SettingsError.unknownKey(path: "fil", line: 1, nearest: "file")) { try read("fil: a") }
        #expect(throws: SettingsError.self) { try read("syslog: {facility: kern}") }
    }
}
