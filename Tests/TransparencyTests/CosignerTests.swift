import Keys
import Testing
import Transparency
import Wire

@Suite("C2SP tlog-cosignature")
struct CosignerTests {
    private static let text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    private let key: SigningKey
    private let cosigner: Cosigner

    init() throws {
        key = try SigningKey.generate(.ed25519)
        cosigner = try Cosigner(name: try LogOrigin("witness.example.com/w1"), publicKey: key.publicKey)
    }

    private func note(_ lines: [NoteSignature]) throws -> SignedNote {
        try SignedNote(text: Self.text, signatures: lines)
    }

    @Test
    func verifierKeyThatIsReadIsTheOneThatWasWritten() throws {
        #expect(try Cosigner(verifierKey: cosigner.verifierKey) == cosigner)
    }

    @Test
    func otherVerifierKeysAreRefused() throws {
        let parts = cosigner.verifierKey.split(separator: "+", maxSplits: 2).map(String.init)
        let note = Base64.encode([1] + key.publicKey.keyBits)
        for bad in [
            "", "a", "a+b", parts[0], "\(parts[0])+00000000+\(parts[2])", "\(parts[0])+\(parts[1])+\(note)",
            "other+\(parts[1])+\(parts[2])", "\(parts[0])+\(parts[1].uppercased())x+\(parts[2])",
            "\(parts[0])+\(parts[1])+\(parts[2])=", "+\(parts[1])+\(parts[2])",
        ] {
            #expect(throws: TransparencyError.malformed(.verifierKey)) { try Cosigner(verifierKey: bad) }
        }
    }

    @Test
    func onlyEd25519Cosigns() throws {
        let other = try SigningKey.generate(.p256)
        #expect(throws: TransparencyError.unsupportedCosignerKey(.p256)) {
            try Cosigner(name: cosigner.name, publicKey: other.publicKey)
        }
    }

    @Test
    func cosignatureIsOverHeaderTimeAndText() throws {
        let line = try cosigner.cosign(Self.text, atSeconds: 1_679_315_147, with: key)
        #expect(line.signature.prefix(8) == [0, 0, 0, 0, 0x64, 0x18, 0x50, 0xCB])
        try key.publicKey.verify(
            Array(line.signature.dropFirst(8)),
            over: Array("cosignature/v1\ntime 1679315147\n\(Self.text)".utf8),
            with: .ed25519
        )
        #expect(try cosigner.cosignature(on: note([line])) == line)
    }

    @Test
    func anyChangedByteIsRefused() throws {
        let line = try cosigner.cosign(Self.text, atSeconds: 1_679_315_147, with: key)
        for index in line.signature.indices {
            var changed = line.signature
            changed[index] ^= 1
            let note = try note([line, NoteSignature(name: line.name, keyID: line.keyID, signature: changed)])
            #expect(throws: TransparencyError.signatureInvalid(.cosignature)) { try cosigner.cosignature(on: note) }
        }
    }

    @Test
    func cosignatureWithoutTimeIsRefused() throws {
        let line = try cosigner.cosign(Self.text, atSeconds: 0, with: key)
        let note = try note([line])
        #expect(throws: TransparencyError.signatureInvalid(.cosignature)) { try cosigner.cosignature(on: note) }
    }

    @Test
    func linesOfOthersAreIgnored() throws {
        let other = try Cosigner(name: cosigner.name, publicKey: try SigningKey.generate(.ed25519).publicKey)
        let line = try cosigner.cosign(Self.text, atSeconds: 1, with: key)
        #expect(try other.cosignature(on: note([line])) == nil)
        let renamed = try Cosigner(name: try LogOrigin("w2"), publicKey: key.publicKey)
        #expect(try renamed.cosignature(on: note([line])) == nil)
    }
}
