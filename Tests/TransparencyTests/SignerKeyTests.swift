import Keys
import Testing
import Transparency
import Wire

@Suite("C2SP signed-note: how record logs' keys are named")
struct SignerKeyTests {
    @Test(
        "keys of Sigstore's public logs",
        arguments: [
            (
                "log2025-1.rekor.sigstore.dev",
                "MCowBQYDK2VwAyEAt8rlp1knGwjfbcXAYPYAkn0XiLz1x8O4t0YkEhie244=", 0xCF11_9915
            ),
            (
                "rekor.sigstore.dev",
                "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE2G2Y+2tabdTV5BcGiBIx0a9fAFwrkBbmLSGtks4L3qX6yYY0zufBnhC8Ur/iy55GhWP/"
                    + "9A/bY2LhC30M9+RYtw==", 0xC0D2_3D6A
            ),
        ] as [(String, String, UInt32)]
    )
    func publicLogs(name: String, key: String, id: UInt32) throws {
        let key = try PublicKey(subjectPublicKeyInfo: try Base64.decode(key))
        #expect(NoteSignature.KeyID(name: try LogOrigin(name), signerKey: key) == NoteSignature.KeyID(id))
    }

    @Test("an ECDSA key has one identifier whatever the name; the others have one for each")
    func namesCount() throws {
        let (one, other) = (try LogOrigin("one.example"), try LogOrigin("other.example"))
        for algorithm in [KeyAlgorithm.p256, .p384, .p521, .ed25519, .rsa(bits: 2048)] {
            let key = try SigningKey.generate(algorithm).publicKey
            let isSame =
                NoteSignature.KeyID(name: one, signerKey: key) == NoteSignature.KeyID(name: other, signerKey: key)
            #expect(isSame == [.p256, .p384, .p521].contains(algorithm))
        }
    }
}
