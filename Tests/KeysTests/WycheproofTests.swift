import Foundation
import Keys
import TestKit
import Testing
import Wire

/// Project Wycheproof's vectors, from the folder that `MAYFLY_WYCHEPROOF` names; `scripts/test` provides it.
@Suite("Wycheproof")
struct WycheproofTests {
    @Test(
        "signatures",
        arguments: [
            "ecdsa_secp256r1_sha256_test.json", "ecdsa_secp256r1_sha256_p1363_test.json",
            "ecdsa_secp384r1_sha384_test.json",
            "ecdsa_secp521r1_sha512_test.json", "ed25519_test.json", "rsa_signature_2048_sha256_test.json",
            "rsa_signature_3072_sha256_test.json", "rsa_pss_2048_sha256_mgf1_32_test.json",
        ]
    )
    func signaturesAreJudgedAsWycheproofDoes(file: String) throws {
        guard let folder = ProcessInfo.processInfo.environment["MAYFLY_WYCHEPROOF"] else {
            // Without the folder nothing can be judged; in CI that is a failure, by hand a hint.
            #expect(ProcessInfo.processInfo.environment["CI"] == nil, "MAYFLY_WYCHEPROOF isn't set")
            return
        }
        let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(file)"))
        let set = try JSON.parse(Array(data), limits: JSONLimits(bytesMax: 1 << 26, valuesMax: 1 << 22))
        var judged = 0
        for group in set["testGroups"]?.elements ?? [] {
            guard let key = try Self.key(group) else { continue }
            for test in group["tests"]?.elements ?? [] {
                let id = test["tcId"]?.integer ?? 0
                let message = bytes(try #require(test["msg"]?.string))
                let signature = bytes(try #require(test["sig"]?.string))
                let isAccepted =
                    (try? key.verify(
                        signature,
                        over: message,
                        with: try #require(Self.scheme(file)),
                        encoding: file.contains("p1363") ? .fixed : .der
                    )) != nil
                switch test["result"]?.string {
                case "valid": #expect(isAccepted, "\(file) \(id) is valid and was refused")
                case "invalid": #expect(!isAccepted, "\(file) \(id) is invalid and was accepted")
                default: break
                }
                judged += 1
            }
        }
        #expect(judged > 50, "only \(judged) vectors were found in \(file)")
    }

    private static func scheme(_ file: String) -> SignatureScheme? {
        switch true {
        case file.hasPrefix("ecdsa_secp256r1"): .ecdsa(.sha256)
        case file.hasPrefix("ecdsa_secp384r1"): .ecdsa(.sha384)
        case file.hasPrefix("ecdsa_secp521r1"): .ecdsa(.sha512)
        case file.hasPrefix("ed25519"): .ed25519
        case file.hasPrefix("rsa_pss"): .rsaPSS(.sha256)
        case file.hasPrefix("rsa_signature"): .rsaPKCS1(.sha256)
        default: nil
        }
    }

    /// The group's key: as a SubjectPublicKeyInfo for EC, as numbers for RSA, whose exponents may be small.
    private static func key(_ group: JSON) throws -> PublicKey? {
        let publicKey = group["publicKey"] ?? group["key"]
        if let modulus = publicKey?["modulus"]?.string, let exponent = publicKey?["publicExponent"]?.string {
            return try? PublicKey(rsaModulus: bytes(modulus), exponent: bytes(exponent))
        }
        if let pk = publicKey?["pk"]?.string { return try PublicKey(ed25519: bytes(pk)) }
        guard let der = (group["publicKeyDer"] ?? group["keyDer"])?.string else { return nil }
        return try PublicKey(subjectPublicKeyInfo: bytes(der))
    }
}
