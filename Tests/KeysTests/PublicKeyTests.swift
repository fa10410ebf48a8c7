import Keys
import TestKit
import Testing
import Wire

@Suite("POP-10…12: keys that clients bring")
struct PublicKeyTests {
    @Test(
        "every allowed kind, as PEM and as DER",
        arguments: [
            KeyAlgorithm.p256, .p384, .p521, .ed25519, .rsa(bits: 2048), .rsa(bits: 3072), .rsa(bits: 4096),
        ]
    )
    func allowedKeysAreRead(algorithm: KeyAlgorithm) throws {
        let key = try SigningKey.generate(algorithm).publicKey
        #expect(key.algorithm == algorithm)
        let fromPEM = try UncheckedPublicKey(pemOrDER: Array(key.pem.utf8)).checked()
        let fromDER = try UncheckedPublicKey(pemOrDER: key.subjectPublicKeyInfo).checked()
        #expect(fromPEM == key && fromDER == key)
        #expect(fromDER.keyBits == key.keyBits && fromDER.keyIdentifier == key.keyIdentifier)
    }

    @Test(
        "Go's parser refuses these too",
        arguments: [
            "", " ", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGx5 a@b",
            "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
            // Ed448
            "-----BEGIN PUBLIC KEY-----\nMEMwBQYDK2VxAzoAX9dEm1m0Yf0s5fsYrwrWZ/yfuCQRVABZvVsX+f3pSjwdNcdIJbU1QSeoDNCYF4V/xh+A5PTMLNaA\n-----END PUBLIC KEY-----\n",
        ]
    )
    func unreadableKeysAreRefused(text: String) {
        #expect(throws: KeysError.unparsable) { try UncheckedPublicKey(pemOrDER: Array(text.utf8)) }
    }

    @Test("a point that isn't on its curve is no key")
    func pointOffTheCurveIsRefused() throws {
        var info = try SigningKey.generate(.p256).publicKey.subjectPublicKeyInfo
        info[info.count - 1] ^= 1
        #expect(throws: KeysError.unparsable) { try UncheckedPublicKey(subjectPublicKeyInfo: info) }
    }

    @Test("no byte of a key can be changed into a trap")
    func changedKeysNeverTrap() throws {
        var generator = SystemRandomNumberGenerator()
        for algorithm in [KeyAlgorithm.p256, .p521, .ed25519, .rsa(bits: 2048)] {
            let info = try SigningKey.generate(algorithm).publicKey.subjectPublicKeyInfo
            for _ in 0..<500 {
                var changed = info
                for _ in 0..<Int.random(in: 1...4, using: &generator) {
                    changed[Int.random(in: changed.indices, using: &generator)] = .random(
                        in: .min ... .max,
                        using: &generator
                    )
                }
                _ = try? UncheckedPublicKey(subjectPublicKeyInfo: changed).checked()
                _ = try? UncheckedPublicKey(
                    pemOrDER: Array(changed.prefix(.random(in: 0...info.count, using: &generator)))
                )
            }
        }
    }

    /// An RSA key from a modulus in hexadecimal, in the PKCS #1 form that clients may send.
    private func rsa(_ modulus: [UInt8], exponent: [UInt8] = [1, 0, 1]) throws -> UncheckedPublicKey {
        func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
            let count = content.count
            return (count < 128 ? [tag, UInt8(count)] : [tag, 0x82, UInt8(count >> 8), UInt8(count & 255)]) + content
        }
        let der = element(0x30, element(2, [0] + modulus) + element(2, exponent))
        return try UncheckedPublicKey(pem: Array(PEMBlock(label: "RSA PUBLIC KEY", bytes: der).text.utf8))
    }

    private func weakness(_ key: UncheckedPublicKey) -> KeyWeakness? {
        do throws(KeysError) {
            _ = try key.checked()
            return nil
        } catch {
            if case .weak(let weakness) = error { return weakness }
            return nil
        }
    }

    @Test("RSA of other sizes is weak", arguments: [1024, 2040, 2056, 8192])
    func otherSizesAreWeak(bits: Int) throws {
        let modulus = [UInt8](repeating: 0xFF, count: bits / 8)
        #expect(weakness(try rsa(modulus)) == .modulusSize(bits: bits))
    }

    @Test("RSA with another exponent is weak")
    func otherExponentsAreWeak() throws {
        let key = try SigningKey.generate(.rsa(bits: 2048)).publicKey
        let modulus = Array(key.keyBits.dropLast(5).suffix(256))
        #expect(weakness(try rsa(modulus)) == nil)
        #expect(weakness(try rsa(modulus, exponent: [3])) == .exponent)
    }

    @Test("an even modulus, and one with a small factor")
    func smallFactorsAreWeak() throws {
        var modulus = [UInt8](repeating: 0xFF, count: 256)
        modulus[255] = 0xFE
        #expect(weakness(try rsa(modulus)) == .smallFactor)
        modulus[255] = 0xFF  // 2^2048 − 1 is divisible by 3
        #expect(weakness(try rsa(modulus)) == .smallFactor)
    }

    @Test("P-224 can be read, and is weak")
    func smallCurveIsWeak() throws {
        // RFC 5656-style vector: the base point of P-224 (FIPS 186-4 D.1.2.2).
        let x = "b70e0cbd6bb4bf7f321390b94a03c1d356c21122343280d6115c1d21"
        let y = "bd376388b5f723fb4c22dfe6cd4375a05a07476444d5819985007e34"
        let info = bytes("304e301006072a8648ce3d020106052b81040021033a0004" + x + y)
        #expect(weakness(try UncheckedPublicKey(subjectPublicKeyInfo: info)) == .curve)
    }
}
