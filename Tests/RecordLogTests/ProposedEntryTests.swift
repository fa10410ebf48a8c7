import Certificates
import Log
import TestKit
import Testing
import Transparency
import Wire

@testable import Keys
@testable import RecordLog

@Suite("Rekor v1: proposed entries")
struct ProposedEntryTests {
    @Test("what a real client proposed becomes the entry that it was content with", arguments: Captured.clients)
    func capturedRequestsBecomeTheCapturedEntries(client: String) throws {
        let captured = try Captured(client)
        let entry = try ProposedEntry(captured.request)
        #expect(entry.body.bytes == captured.body)
        #expect(EntryID(text: captured.id)?.leafHash == entry.body.leafHash)
    }

    @Test("an entry is found by what was signed, by the certificate and by its name, in any letter case")
    func entriesAreFound() throws {
        let captured = try Captured("gitsign-commit")
        let spec = try JSON.parse(captured.body)["spec"]
        let hash = try #require(spec?["data"]?["hash"]?["value"]?.string)
        let pem = try Base64.decode(try #require(spec?["signature"]?["publicKey"]?["content"]?.utf8Bytes))
        let wanted: [SearchTerm] = [
            .hash(algorithm: "SHA256", hex: hash.uppercased()), .verifier(pem: pem), .name("Alice@Example.com"),
        ]
        #expect(try ProposedEntry(captured.request).keys == Set(wanted.map(\.key)))
    }

    @Test("an attestation is found by its subjects, its payload and its envelope as well")
    func attestationsAreFoundBySubject() throws {
        let captured = try Captured("cosign-attest-blob")
        let keys = try ProposedEntry(captured.request).keys
        let subject = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"
        #expect(keys.contains(SearchTerm.hash(algorithm: "sha256", hex: subject).key))
        let spec = try JSON.parse(captured.body)["spec"]
        for hash in ["payloadHash", "envelopeHash"] {
            let value = try #require(spec?[hash]?["value"]?.string)
            #expect(keys.contains(SearchTerm.hash(algorithm: "sha256", hex: value).key))
        }
        #expect(keys.count == 5)
    }

    @Test(
        "what can't be an entry is refused by name",
        arguments: [
            ("kind", JSONText.string("rekord"), ProposalProblem.kindUnsupported),
            ("kind", .string("intoto"), .kindUnsupported),
            ("kind", .null, .memberInvalid("kind")),
            ("apiVersion", .string("0.0.2"), .versionUnsupported),
            ("apiVersion", .null, .versionUnsupported),
            ("spec", .string(""), .memberInvalid("spec")),
            ("spec.data", .null, .memberInvalid("spec.data.hash.algorithm")),
            ("spec.data.hash.algorithm", .string("sha1"), .memberInvalid("spec.data.hash.algorithm")),
            ("spec.data.hash.algorithm", .string("sha512"), .hashInvalid),
            ("spec.data.hash.value", .string("00"), .hashInvalid),
            ("spec.data.hash.value", .string(String(repeating: "g", count: 64)), .hashInvalid),
            ("spec.data.hash.value", .string(String(repeating: "0", count: 64)), .signatureInvalid),
            ("spec.signature", .null, .memberInvalid("spec.signature.content")),
            ("spec.signature.content", .string(""), .memberInvalid("spec.signature.content")),
            ("spec.signature.content", .string("!"), .memberInvalid("spec.signature.content")),
            ("spec.signature.content", .string("AAAA"), .signatureInvalid),
            ("spec.signature.publicKey", .null, .memberInvalid("spec.signature.publicKey.content")),
            ("spec.signature.publicKey.content", .string("AAAA"), .keyUnparsable),
        ]
    )
    func badMembersAreRefused(path: String, value: JSONText, problem: ProposalProblem) throws {
        let captured = try Captured("cosign-sign-blob")
        #expect(throws: problem) { try ProposedEntry(captured.request(path, value)) }
    }

    @Test("a hash in upper case stays as it was sent, and members that nobody knows are left out")
    func hashIsKeptAsSent() throws {
        let captured = try Captured("cosign-sign-blob")
        let spec = try JSON.parse(captured.body)["spec"]
        let hash = try #require(spec?["data"]?["hash"]?["value"]?.string)
        let upper = try ProposedEntry(captured.request("spec.data.hash.value", .string(hash.uppercased())))
        let value = try JSON.parse(upper.body.bytes)["spec"]?["data"]?["hash"]?["value"]?.string
        #expect(value == hash.uppercased())
        let more = try ProposedEntry(captured.request("spec.data.url", .string("https://example.com")))
        #expect(more.body.bytes == captured.body)
    }

    @Test("base64 in lines of a program that breaks them is base64")
    func base64MayHaveLines() throws {
        let captured = try Captured("cosign-sign-blob")
        let spec = try JSON.parse(captured.request)["spec"]
        let content = try #require(spec?["signature"]?["publicKey"]?["content"]?.string)
        let lines = stride(from: 0, to: content.utf8.count, by: 76).map { start in
            String(content.dropFirst(start).prefix(76))
        }
        let broken = lines.joined(separator: "\r\n") + "\n"
        let entry = try ProposedEntry(captured.request("spec.signature.publicKey.content", .string(broken)))
        #expect(entry.body.bytes == captured.body)
    }

    static let pairs: [(KeyAlgorithm, DigestAlgorithm)] = [
        (.p256, .sha256), (.p384, .sha384), (.p521, .sha512), (.rsa(bits: 2048), .sha256),
    ]

    @Test("keys in PEM sign over the digest that suits them", arguments: pairs)
    func keysSignOverTheirDigest(algorithm: KeyAlgorithm, digest: DigestAlgorithm) throws {
        let key = try SigningKey.generate(algorithm)
        let entry = try ProposedEntry(Self.request(key, digest, over: [1, 2, 3]))
        let content = try JSON.parse(entry.body.bytes)["spec"]?["signature"]?["publicKey"]?["content"]?.utf8Bytes
        #expect(try Base64.decode(try #require(content)) == Array(key.publicKey.pem.utf8))
        for other in [DigestAlgorithm.sha256, .sha384, .sha512] where other != digest {
            let isPair = other == .sha256 && [.p384, .p521].contains(algorithm)
            #expect(throws: isPair ? ProposalProblem.signatureInvalid : .algorithmsNotAllowed) {
                try ProposedEntry(Self.request(key, other, over: [1, 2, 3]))
            }
        }
    }

    @Test("Ed25519 signs no digest here")
    func ed25519IsRefused() throws {
        let key = try SigningKey.generate(.ed25519)
        #expect(throws: ProposalProblem.algorithmsNotAllowed) {
            try ProposedEntry(Self.request(key, .sha512, over: [1]))
        }
    }

    @Test("a chain, a weak key and another kind of PEM are refused")
    func otherKeysAreRefused() throws {
        let key = try SigningKey.generate(.p256)
        let pem = key.publicKey.pem
        func entry(_ pem: String) throws -> ProposedEntry {
            try ProposedEntry(Self.request(key, .sha256, over: [1], pem: pem))
        }
        #expect(throws: ProposalProblem.keyIsChain) { try entry(pem + pem) }
        #expect(throws: ProposalProblem.keyUnparsable) { try entry(pem.replacing("PUBLIC KEY", with: "PRIVATE KEY")) }
        #expect(throws: ProposalProblem.keyUnparsable) {
            try entry(PEMBlock(label: "CERTIFICATE", bytes: key.publicKey.subjectPublicKeyInfo).text)
        }
        let p224 = bytes(
            "304E301006072A8648CE3D020106052B81040021033A0004"
                + "B70E0CBD6BB4BF7F321390B94A03C1D356C21122343280D6115C1D21"
                + "BD376388B5F723FB4C22DFE6CD4375A05A07476444D5819985007E34"
        )
        #expect(throws: ProposalProblem.keyRefused) { try entry(PEMBlock(label: "PUBLIC KEY", bytes: p224).text) }
    }

    @Test("changed requests never trap, and never become another entry with the same signature's bytes changed")
    func changedRequestsDoNotTrap() throws {
        var generator = SeededGenerator(seed: 5)
        for client in Captured.clients {
            let captured = try Captured(client)
            for _ in 0..<300 {
                var request = captured.request
                let place = Int.random(in: request.indices, using: &generator)
                request[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
                _ = try? ProposedEntry(request)
            }
        }
    }

    /// A request of `hashedrekord` with a key.
    static func request(
        _ key: SigningKey,
        _ digest: DigestAlgorithm,
        over message: [UInt8],
        pem: String? = nil
    ) throws -> [UInt8] {
        JSONText.object([
            ("kind", .string("hashedrekord")), ("apiVersion", .string("0.0.1")),
            (
                "spec",
                .object([
                    (
                        "data",
                        .object([
                            (
                                "hash",
                                .object([
                                    ("algorithm", .string("\(digest)")),
                                    ("value", .string(Hexadecimal.encode(digest.digest(message)))),
                                ])
                            )
                        ])
                    ),
                    (
                        "signature",
                        .object([
                            ("content", .string(Base64.encode(try key.sign(message)))),
                            (
                                "publicKey",
                                .object([("content", .string(Base64.encode(Array((pem ?? key.publicKey.pem).utf8))))])
                            ),
                        ])
                    ),
                ])
            ),
        ]).encoded()
    }
}
