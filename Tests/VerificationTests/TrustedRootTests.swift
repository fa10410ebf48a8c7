import Certificates
import Keys
import SignatureTestKit
import TestKit
import Testing
import Verification
import Wire

@Suite("sigstore_trustroot.proto: a trusted root is read whole or not at all")
struct TrustedRootTests {
    /// A log of this kind of key.
    private func log(_ key: PublicKey, details: String, raw: [UInt8]? = nil) -> JSONText {
        .object([
            ("baseUrl", .string("https://log.example.com")), ("hashAlgorithm", .string("SHA2_256")),
            (
                "publicKey",
                .object([
                    ("rawBytes", .string(Base64.encode(raw ?? key.subjectPublicKeyInfo))),
                    ("keyDetails", .string(details)),
                    ("validFor", .object([("start", .string("2026-01-01T00:00:00Z"))])),
                ])
            ), ("logId", .object([("keyId", .string(Base64.encode(key.sha256.bytes)))])),
        ])
    }

    private func authority(_ chain: CertificateChain) -> JSONText {
        .object([
            ("subject", .object([("organization", .string("o")), ("commonName", .string("c"))])),
            ("uri", .string("https://ca.example.com")),
            (
                "certChain",
                .object([
                    (
                        "certificates",
                        .array(chain.certificates.map { .object([("rawBytes", .string(Base64.encode($0.der)))]) })
                    )
                ])
            ),
            (
                "validFor",
                .object([
                    ("start", .string("2026-01-01T00:00:00Z")), ("end", .string("2026-12-31T23:59:59.999Z")),
                ])
            ),
        ])
    }

    private func root(
        logs: [JSONText] = [],
        authorities: [JSONText] = [],
        mediaType: String = TrustedRoot.mediaType
    ) -> JSONText {
        .object([
            ("mediaType", .string(mediaType)), ("tlogs", .array(logs)),
            ("certificateAuthorities", .array(authorities)), ("ctlogs", .array(logs)),
            ("timestampAuthorities", .array(authorities)),
        ])
    }

    private func problem(_ json: JSONText) -> TrustedRootProblem? {
        do { _ = try TrustedRoot(json: json.encoded()) } catch {
            guard case .trustedRoot(let problem) = error else { return nil }
            return problem
        }
        return nil
    }

    @Test("keys of every kind that a log may have, by the name that goes with it and by no other")
    func keys() throws {
        let names: [(KeyAlgorithm, String)] = [
            (.p256, "PKIX_ECDSA_P256_SHA_256"), (.p384, "PKIX_ECDSA_P384_SHA_384"),
            (.p521, "PKIX_ECDSA_P521_SHA_512"), (.ed25519, "PKIX_ED25519"),
            (.rsa(bits: 2048), "PKIX_RSA_PKCS1V15_2048_SHA256"),
        ]
        for (algorithm, name) in names {
            let key = try SigningKey.generate(algorithm).publicKey
            let read = try TrustedRoot(json: root(logs: [log(key, details: name)]).encoded())
            #expect(read.logs.map(\.key) == [key])
            #expect(read.certificateLogs == read.logs)
            for (_, other) in names where other != name {
                let wrong = root(logs: [log(key, details: other)])
                #expect(problem(wrong) == .keyUnusable(path: "tlogs[0]"), "\(name) \(other)")
            }
        }
        // Sigstore's staging root has an RSAPublicKey without anything around it.
        let rsa = try SigningKey.generate(.rsa(bits: 2048)).publicKey
        let old = root(logs: [log(rsa, details: "PKCS1_RSA_PKCS1V5", raw: rsa.keyBits)])
        #expect(try TrustedRoot(json: old.encoded()).logs.first?.key == rsa)
        let unknown = root(logs: [log(rsa, details: "PKIX_RSA_PSS_2048_SHA256")])
        #expect(problem(unknown) == .malformed(ProtoFault(path: "tlogs[0].publicKey.keyDetails", rule: .notOfTheEnum)))
    }

    @Test("fields that are not needed here, and that clients know")
    func otherFields() throws {
        let key = try SigningKey.generate(.p256).publicKey
        let text = try BundleText(
            root(
                logs: [log(key, details: "PKIX_ECDSA_P256_SHA_256")],
                authorities: [authority(try TwoTierAuthority().chain)]
            ).encoded()
        )
        let id = JSONText.object([("keyId", .string("AAAA"))])
        for json in [
            text.adding("checkpointKeyId", id, to: "tlogs[0]"), text.adding("operator", .string("o"), to: "tlogs[0]"),
            text.adding("operator", .string("o"), to: "certificateAuthorities[0]"),
        ] {
            #expect(try TrustedRoot(json: json.encoded()) == TrustedRoot(json: text.text.encoded()))
        }
    }

    @Test("authorities, with their windows")
    func authorities() throws {
        let chain = try TwoTierAuthority().chain
        let read = try TrustedRoot(json: root(authorities: [authority(chain)]).encoded())
        #expect(read.certificateAuthorities.map(\.chain) == [chain])
        #expect(read.timestampAuthorities == read.certificateAuthorities)
        let window = read.certificateAuthorities[0].window
        #expect(window.startMilliseconds == 1_767_225_600_000)
        #expect(window.endMilliseconds == 1_798_761_599_999)
        for (moment, isInside) in [
            (1_767_225_599_999, false), (1_767_225_600_000, true), (1_798_761_599_999, true),
            (1_798_761_600_000, false),
        ] as [(Int64, Bool)] {
            #expect(window.contains(milliseconds: moment) == isInside)
        }
    }

    @Test("what clients refuse")
    func refusals() throws {
        let key = try SigningKey.generate(.p256).publicKey
        let good = log(key, details: "PKIX_ECDSA_P256_SHA_256")
        let later = "application/vnd.dev.sigstore.trustedroot.v0.2+json"
        #expect(problem(root(mediaType: later)) == .unsupportedVersion(later))
        #expect(problem(root(logs: [good, good])) == .logRepeated(path: "tlogs[1]"))
        let text = try BundleText(root(logs: [good], authorities: [authority(try TwoTierAuthority().chain)]).encoded())
        #expect(problem(text.removing("tlogs[0].publicKey.validFor.start")) == .startMissing(path: "tlogs[0]"))
        #expect(problem(text.removing("tlogs[0].publicKey.validFor")) == .startMissing(path: "tlogs[0]"))
        #expect(problem(text.removing("ctlogs[0].publicKey.validFor")) == .startMissing(path: "ctlogs[0]"))
        #expect(problem(text.removing("tlogs[0].logId")) == .logIDMissing(path: "tlogs[0]"))
        #expect(problem(text.removing("tlogs[0].hashAlgorithm")) == .hashUnsupported(path: "tlogs[0]"))
        #expect(problem(text.removing("tlogs[0].publicKey.rawBytes")) == .keyUnusable(path: "tlogs[0]"))
        let chain = "certificateAuthorities[0].certChain"
        #expect(problem(text.removing(chain)) == .malformed(ProtoFault(path: chain, rule: .missing)))
        let certificates = "timestampAuthorities[0].certChain.certificates"
        #expect(problem(text.removing(certificates)) == .chainUnusable(path: "timestampAuthorities[0]"))
        #expect(problem(text.changing("certificateAuthorities[0].certChain.certificates[0].rawBytes")) == nil)
        for path in text.objects where !path.isEmpty {
            let fault = ProtoFault(path: path, rule: .unknownField("myNewField"))
            #expect(problem(text.adding("myNewField", to: path)) == .malformed(fault))
        }
    }
}
