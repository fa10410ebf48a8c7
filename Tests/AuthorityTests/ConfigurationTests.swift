import Foundation
import Settings
import Testing
import Transparency

@testable import Authority

@Suite("mayfly.yaml")
struct ConfigurationTests {
    /// Reads a configuration text as that of a directory.
    private func read(_ text: String) throws -> AuthoritySettings {
        let folder = FileManager.default.temporaryDirectory.appending(path: "mayfly-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let directory = DataDirectory(path: folder.path)
        try FileSystem.create(directory.configuration, Array(text.utf8), isPrivate: false)
        return try AuthoritySettings(ConfigurationText(directory, files: ConfigurationFiles()), directory: directory)
    }

    private let minimal = "ca: {chain: ca/chain.pem, key: ca/issuing.key}\nlog: {key: log/log.key, origin: o}\n"

    @Test func whatInitWritesIsRead() throws {
        let settings = try read(
            ConfigurationTemplate.text(
                origin: try LogOrigin("a.example/ct"),
                passphraseFile: "/p"
            )
        )
        #expect(settings.listen == .default)
        #expect(settings.ca.passphraseFile == "/p")
        guard case .embedded(let log) = settings.log else {
            Issue.record("no embedded log")
            return
        }
        #expect(log.origin.name == "a.example/ct" && log.passphraseFile == "/p")
        #expect(settings.limits == AuthorityLimits())
    }

    @Test func commentedExamplesAreValidToo() throws {
        let text = ConfigurationTemplate.text(
            origin: try LogOrigin("o"),
            passphraseFile: nil
        )
        .replacing("# limits:", with: "limits:").replacing("#   body", with: "  body")
        .replacing("#   header", with: "  header").replacing("#   request-", with: "  request-").replacing(
            "#   response-",
            with: "  response-"
        )
        .replacing("#   connections", with: "  connections").replacing("#   queue", with: "  queue")
        .replacing("# client-signing", with: "client-signing").replacing("# records:", with: "records:")
        .replacing("#   subjects", with: "  subjects").replacing("# audit:", with: "audit:")
        .replacing("#   file", with: "  file").replacing("#   required", with: "  required")
        let settings = try read(text)
        #expect(settings.limits == AuthorityLimits())
        #expect(settings.clientSigningAlgorithms.count == 2)
        #expect(settings.records.subjects == .plain && settings.audit?.isRequired == true)
    }

    @Test(
        "a refusal names line, key and rule",
        arguments: [
            ("ca: {chain: c, key: k}\nlog: {key: k, origin: o}\nlisten: nowhere", "line 3: listen: must be HOST:PORT"),
            ("ca: {chain: c, key: k}\nlog: {key: k, origin: o}\nlimts: {}", "did you mean 'limits'?"),
            ("ca: {chain: c}\nlog: {key: k, origin: o}", "ca.key: this key is missing"),
            ("ca: {chain: c, key: k}", "log: this key is missing"),
            ("ca: {chain: c, key: k}\nlog: {key: k, origin: a b}", "must be a name"),
            (
                "ca: {chain: c, key: k}\nlog: {key: k, origin: o}\nct-log: {url: \"https://x\", public-key: p}",
                "choose one"
            ),
            ("ca: {chain: c, key: k}\nct-log: {url: ftp, public-key: p}", "must be an http or https URL"),
            ("ca: {chain: c, key: k}\nlog: {key: k, origin: o}\nlimits: {queue: 0}", "must be from 1"),
            ("ca: {chain: c, key: k}\nlog: {key: k, origin: o}\nclient-signing-algorithms: [rsa]", "must be one of"),
            ("ca: [", "line "),
            // A relative path starts in the data directory: this file is there, and no key set.
            (
                "ca: {chain: c, key: k}\nlog: {key: k, origin: o}\n"
                    + "oidc-issuers: {\"https://x\": {type: email, jwks-file: mayfly.yaml}}",
                "line 3: oidc-issuers.https://x.jwks-file: must be the path of a JSON Web Key Set"
            ),
        ]
    )
    func badConfigurationIsRefused(text: String, rule: String) throws {
        do {
            _ = try read(text)
            Issue.record("read \(text)")
        } catch let error as AuthorityError {
            #expect("\(error)".contains(rule), "\(error)")
        }
    }

    @Test(
        "HOST:PORT",
        arguments: [
            ("127.0.0.1:5555", "127.0.0.1:5555"), ("[::1]:0", "[::1]:0"), (":80", "[::]:80"),
            ("localhost:65535", "localhost:65535"),
            ("::1:80", nil), ("a", nil), ("a:65536", nil), ("a:-1", nil), ("a:x", nil),
        ]
    )
    func addressesAreRead(text: String, expected: String?) {
        #expect(ListenAddress(text)?.description == expected)
    }
}
