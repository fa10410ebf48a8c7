import TestKit
import Testing

@testable import Keys

@Suite("POP-13, POP-14, RFC 7518 §3: signatures")
struct SignatureTests {
    static let schemes: [(KeyAlgorithm, SignatureScheme)] = [
        (.p256, .ecdsa(.sha256)), (.p384, .ecdsa(.sha384)), (.p521, .ecdsa(.sha512)), (.ed25519, .ed25519),
        (.rsa(bits: 2048), .rsaPKCS1(.sha256)),
    ]

    @Test("what a key signs, its public half verifies, and nothing else", arguments: schemes)
    func signaturesVerify(algorithm: KeyAlgorithm, scheme: SignatureScheme) throws {
        let key = try SigningKey.generate(algorithm)
        let message = Array("alice@example.com".utf8)
        let signature = try key.sign(message)
        #expect(key.scheme == scheme)
        try key.publicKey.verify(signature, over: message, with: scheme)
        #expect(throws: KeysError.signatureInvalid) {
            try key.publicKey.verify(signature, over: message + [0], with: scheme)
        }
        let other = try SigningKey.generate(algorithm).publicKey
        #expect(throws: KeysError.signatureInvalid) { try other.verify(signature, over: message, with: scheme) }
        for position in stride(from: 0, to: signature.count, by: 7) {
            var changed = signature
            changed[position] ^= 0x10
            #expect(throws: KeysError.signatureInvalid) {
                try key.publicKey.verify(changed, over: message, with: scheme)
            }
        }
        for count in [0, 1, 63, 64, 65, 300] {
            let zeros = [UInt8](repeating: 0, count: count)
            #expect(throws: KeysError.signatureInvalid) { try key.publicKey.verify(zeros, over: message, with: scheme) }
            #expect(throws: KeysError.signatureInvalid) {
                try key.publicKey.verify(zeros, over: message, with: scheme, encoding: .fixed)
            }
        }
    }

    @Test("a scheme for another kind of key verifies nothing", arguments: schemes)
    func schemesMustSuitTheKey(algorithm: KeyAlgorithm, scheme: SignatureScheme) throws {
        let key = try SigningKey.generate(algorithm)
        let signature = try key.sign([1])
        for (_, other) in Self.schemes where other != scheme {
            #expect(throws: KeysError.signatureInvalid) { try key.publicKey.verify(signature, over: [1], with: other) }
        }
    }

    @Test("a signature over a message is one over its digest, and over no other bytes", arguments: schemes)
    func signaturesVerifyOverDigests(algorithm: KeyAlgorithm, scheme: SignatureScheme) throws {
        let key = try SigningKey.generate(algorithm)
        let signature = try key.sign([1, 2, 3])
        guard let digest = scheme.digest else {
            #expect(throws: KeysError.signatureInvalid) {
                try key.publicKey.verify(signature, overHash: [1, 2, 3], with: scheme)
            }
            return
        }
        let hash = digest.digest([1, 2, 3])
        #expect(hash.count == digest.byteCount)
        try key.publicKey.verify(signature, overHash: hash, with: scheme)
        for other in [digest.digest([1, 2]), Array(hash.dropLast()), hash + [0], []] {
            #expect(throws: KeysError.signatureInvalid) {
                try key.publicKey.verify(signature, overHash: other, with: scheme)
            }
        }
    }

    @Test("RFC 6979 A.2.5: P-256, SHA-256, \"sample\"")
    func outsideECDSASignatureVerifies() throws {
        let key = try PublicKey(
            curve: .p256,
            x: bytes("60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6"),
            y: bytes("7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299")
        )
        let r = "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716"
        let s = "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8"
        let message = Array("sample".utf8)
        try key.verify(bytes(r + s), over: message, with: .ecdsa(.sha256), encoding: .fixed)
        let der = bytes("3046022100" + r + "022100" + s)
        try key.verify(der, over: message, with: .ecdsa(.sha256))
        // The same numbers with a superfluous zero, or a long length, are BER and not DER.
        #expect(throws: KeysError.signatureInvalid) {
            try key.verify(bytes("304702220000" + r + "022100" + s), over: message, with: .ecdsa(.sha256))
        }
        #expect(throws: KeysError.signatureInvalid) {
            try key.verify(bytes("308146022100" + r + "022100" + s), over: message, with: .ecdsa(.sha256))
        }
    }

    @Test("RFC 8032 §7.1 TEST 3")
    func outsideEd25519SignatureVerifies() throws {
        let key = try PublicKey(
            ed25519: bytes("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025")
        )
        let signature = bytes(
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        )
        try key.verify(signature, over: [0xAF, 0x82], with: .ed25519)
    }

    @Test("a coordinate with its leading zeros dropped is padded, for a real provider drops them")
    func shortCoordinatesArePadded() throws {
        // P-256's point 5·2^-1 … found by search: any key whose x begins with a zero byte will do.
        for _ in 0..<4000 {
            let key = try SigningKey.generate(.p256)
            let bits = key.publicKey.keyBits
            guard bits[1] == 0 else { continue }
            let read = try PublicKey(curve: .p256, x: Array(bits[2..<33]), y: Array(bits[33...]))
            #expect(read == key.publicKey)
            return
        }
    }
}
