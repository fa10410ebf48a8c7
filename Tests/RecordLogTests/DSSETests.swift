import Keys
import Log
import TestKit
import Testing
import Transparency
import Wire

@testable import RecordLog

@Suite("Rekor v1: dsse 0.0.1")
struct DSSETests {
    /// An envelope with a signature by each key.
    struct Attestation {
        var payload: [UInt8]
        var payloadType = "application/vnd.in-toto+json"
        var signatures: [[UInt8]] = []
        var verifiers: [String] = []

        /// The pre-authentication encoding, written down anew.
        var message: [UInt8] {
            let head =
                "DSSEv1 " + String(payloadType.utf8.count) + " " + payloadType + " " + String(payload.count) + " "
            return Array(head.utf8) + payload
        }

        mutating func sign(_ key: SigningKey) throws {
            signatures.append(try key.sign(message))
            verifiers.append(key.publicKey.pem)
        }

        var envelope: String {
            let signatures = self.signatures.map { signature in
                JSONText.object([("keyid", .string("any")), ("sig", .string(Base64.encode(signature)))])
            }
            let json = JSONText.object([
                ("payload", .string(Base64.encode(payload))), ("payloadType", .string(payloadType)),
                ("signatures", .array(signatures)),
            ])
            return String(decoding: json.encoded(), as: UTF8.self)
        }

        func proposal(_ more: [(String, JSONText)] = []) -> [UInt8] {
            let content = JSONText.object([
                ("envelope", .string(envelope)),
                ("verifiers", .array(verifiers.map { .string(Base64.encode(Array($0.utf8))) })),
            ])
            return JSONText.object([
                ("kind", .string("dsse")), ("apiVersion", .string("0.0.1")),
                ("spec", .object([("proposedContent", content)] + more)),
            ]).encoded()
        }
    }

    private static let statement = Array(#"{"_type":"https://in-toto.io/Statement/v1","subject":[]}"#.utf8)

    @Test("DSSE, protocol.md: the encoding that is signed")
    func preAuthenticationEncoding() throws {
        var attestation = Attestation(payload: Array("hello world".utf8), payloadType: "http://example.com/HelloWorld")
        try attestation.sign(try SigningKey.generate(.p256))
        let envelope = try DSSEEnvelope(json: Array(attestation.envelope.utf8))
        #expect(
            envelope.preAuthenticationEncoding
                == Array("DSSEv1 29 http://example.com/HelloWorld 11 hello world".utf8)
        )
    }

    @Test("several signatures stand in the order of their texts, each beside its own key")
    func signaturesAreSorted() throws {
        var attestation = Attestation(payload: Self.statement)
        let keys = try (0..<4).map { _ in try SigningKey.generate(.p256) }
        for key in keys { try attestation.sign(key) }
        let body = try ProposedEntry(attestation.proposal()).body.bytes
        let spec = try JSON.parse(body)["spec"]
        let elements = try #require(spec?["signatures"]?.elements)
        let texts = elements.compactMap { $0["signature"]?.string }
        #expect(texts == texts.sorted() && texts.count == 4)
        for element in elements {
            let signature = try Base64.decode(element["signature"]?.string ?? "")
            let pem = try Base64.decode(element["verifier"]?.string ?? "")
            try PublicKey(pem: pem).verify(signature, over: attestation.message, with: .ecdsa(.sha256))
        }
        attestation.verifiers.reverse()
        attestation.signatures.reverse()
        let reversed = try JSON.parse(try ProposedEntry(attestation.proposal()).body.bytes)["spec"]?["signatures"]?
            .elements
        #expect(reversed?.compactMap { $0["signature"]?.string } == texts)
    }

    @Test("every kind of key signs envelopes", arguments: SigningKinds.all)
    func everyKindSigns(algorithm: KeyAlgorithm) throws {
        var attestation = Attestation(payload: Self.statement)
        try attestation.sign(try SigningKey.generate(algorithm))
        _ = try ProposedEntry(attestation.proposal())
        attestation.payload.append(UInt8(ascii: " "))
        #expect(throws: ProposalProblem.verifierUnused) { try ProposedEntry(attestation.proposal()) }
        attestation.payload.removeLast()
        attestation.payloadType += "x"
        #expect(throws: ProposalProblem.verifierUnused) { try ProposedEntry(attestation.proposal()) }
    }

    @Test("a signature of which no verifier is given, and a verifier that signed nothing, are refused")
    func eachSignatureHasItsVerifier() throws {
        var attestation = Attestation(payload: Self.statement)
        try attestation.sign(try SigningKey.generate(.p256))
        try attestation.sign(try SigningKey.generate(.p256))
        var lacking = attestation
        lacking.verifiers.removeLast()
        #expect(throws: ProposalProblem.signatureUnverified) { try ProposedEntry(lacking.proposal()) }
        lacking.verifiers = []
        #expect(throws: ProposalProblem.memberInvalid("spec.proposedContent.verifiers")) {
            try ProposedEntry(lacking.proposal())
        }
        attestation.verifiers.insert(try SigningKey.generate(.p256).publicKey.pem, at: 0)
        #expect(throws: ProposalProblem.verifierUnused) { try ProposedEntry(attestation.proposal()) }
        // As in Rekor, one that isn't needed any more isn't looked at.
        attestation.verifiers.append(attestation.verifiers.removeFirst())
        _ = try ProposedEntry(attestation.proposal())
    }

    @Test("a verifier that is there twice is refused, and stands for one signature only")
    func verifiersAreThereOnce() throws {
        var attestation = Attestation(payload: Self.statement)
        let key = try SigningKey.generate(.p256)
        try attestation.sign(key)
        try attestation.sign(key)
        #expect(throws: ProposalProblem.verifierRepeated) { try ProposedEntry(attestation.proposal()) }
        attestation.verifiers.removeLast()
        #expect(throws: ProposalProblem.signatureUnverified) { try ProposedEntry(attestation.proposal()) }
    }

    @Test("sixteen signatures are verified with the verifiers in their order, and refused in the worst order")
    func verificationsAreBounded() throws {
        for algorithm in [KeyAlgorithm.p256, .p384] {
            var attestation = Attestation(payload: Self.statement)
            for _ in 1...DSSEEnvelope.signaturesMax { try attestation.sign(try SigningKey.generate(algorithm)) }
            _ = try ProposedEntry(attestation.proposal())
            attestation.verifiers.reverse()
            #expect(throws: ProposalProblem.tooManyVerifications) { try ProposedEntry(attestation.proposal()) }
        }
    }

    @Test("a question has few proposals, which are verified as one request's")
    func proposalsOfAQuestionAreBounded() throws {
        /// Its verification takes 6 + 5 + 4 + 3 + 2 + 1 tries.
        func reversed(_ payload: String) throws -> String {
            var attestation = Attestation(payload: Array(payload.utf8))
            for _ in 1...6 { try attestation.sign(try SigningKey.generate(.p256)) }
            attestation.verifiers.reverse()
            return String(decoding: attestation.proposal(), as: UTF8.self)
        }
        func query(_ proposals: [String]) throws -> EntryQuery {
            try EntryQuery(Array(#"{"entries": [\#(proposals.joined(separator: ","))]}"#.utf8))
        }
        let (first, second) = (try reversed("a"), try reversed("b"))
        #expect(try query([first]).wanted.count == 1)
        #expect(throws: LogReadError.self) { try query([first, second]) }
        let single = String(decoding: try Captured("py-sign").request, as: UTF8.self)
        #expect(try query([first, single]).wanted.count == 2)
        #expect(throws: LogReadError.self) { try query([single, single, single]) }
    }

    @Test("envelopes without signatures, with too many, or with what the log computes are refused")
    func otherEnvelopesAreRefused() throws {
        var attestation = Attestation(payload: Self.statement)
        #expect(throws: ProposalProblem.envelopeSignatureCount) { try ProposedEntry(attestation.proposal()) }
        let key = try SigningKey.generate(.p256)
        try attestation.sign(key)
        for name in ["envelopeHash", "payloadHash"] {
            let hash = JSONText.object([("algorithm", .string("sha256")), ("value", .string("00"))])
            #expect(throws: ProposalProblem.computedMember) { try ProposedEntry(attestation.proposal([(name, hash)])) }
            _ = try ProposedEntry(attestation.proposal([(name, .null)]))
        }
        _ = try ProposedEntry(attestation.proposal([("signatures", .array([]))]))
        #expect(throws: ProposalProblem.computedMember) {
            try ProposedEntry(attestation.proposal([("signatures", .array([.null]))]))
        }
        for _ in 1...DSSEEnvelope.signaturesMax { try attestation.sign(key) }
        #expect(throws: ProposalProblem.envelopeSignatureCount) { try ProposedEntry(attestation.proposal()) }
    }

    @Test("of a statement with very many subjects the first are found")
    func subjectsAreBounded() throws {
        let subjects = (0..<1000).map { number in
            JSONText.object([("digest", .object([("sha256", .string("\(number)"))]))])
        }
        let statement = JSONText.object([("subject", .array(subjects))]).encoded()
        #expect(InTotoSubjects.terms(in: statement).count == InTotoSubjects.hashesMax)
        #expect(InTotoSubjects.terms(in: statement).first == .hash(algorithm: "sha256", hex: "0"))
        #expect(InTotoSubjects.terms(in: [0x7B]).isEmpty)
    }
}

enum SigningKinds {
    static let all: [KeyAlgorithm] = [.p256, .p384, .p521, .rsa(bits: 2048), .ed25519]
}
