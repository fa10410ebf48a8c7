import Keys
import Testing

@Suite("RFC 5958, RFC 8018: key files")
struct SigningKeyTests {
    private let passphrase = Passphrase(bytes: Array("correct horse\n".utf8))

    @Test("written keys are read again", arguments: [KeyAlgorithm.p256, .p384, .p521, .ed25519, .rsa(bits: 3072)])
    func keysSurviveTheirFile(algorithm: KeyAlgorithm) throws {
        let key = try SigningKey.generate(algorithm)
        #expect(try SigningKey(pem: try key.pem(passphrase: nil), passphrase: nil).publicKey == key.publicKey)
        let encrypted = try key.pem(passphrase: passphrase)
        #expect(String(decoding: encrypted, as: UTF8.self).hasPrefix("-----BEGIN ENCRYPTED PRIVATE KEY-----"))
        #expect(try SigningKey(pem: encrypted, passphrase: passphrase).publicKey == key.publicKey)
    }

    @Test func wrongAndMissingPassphrasesHaveTheirOwnErrors() throws {
        let encrypted = try SigningKey.generate(.p256).pem(passphrase: passphrase)
        #expect(throws: KeysError.passphraseNeeded) { try SigningKey(pem: encrypted, passphrase: nil) }
        #expect(throws: KeysError.wrongPassphrase) {
            try SigningKey(pem: encrypted, passphrase: Passphrase(bytes: Array("wrong".utf8)))
        }
    }

    @Test("garbage is no key", arguments: ["", "x", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
    func garbageIsRefused(text: String) {
        #expect(throws: KeysError.unparsable) { try SigningKey(pem: Array(text.utf8), passphrase: nil) }
    }

    @Test func secretsPrintNothing() throws {
        #expect("\(passphrase)" == "<redacted>")
        #expect(String(reflecting: passphrase) == "<redacted>")
        #expect("\(try SigningKey.generate(.p256))" == "<redacted>")
    }
}
