import Certificates
import Keys

@testable import Verification

enum VerificationDecoders {
    private static let digests = ArtifactDigests(of: [])

    /// A bundle, and every step that needs no trusted party: what is refused there was read by the one before.
    @Sendable static func bundle(_ bytes: [UInt8]) {
        _ = try? Statement(json: bytes)
        guard let bundle = try? Bundle(json: bytes) else { return }
        let again = try? Bundle(json: bundle.json)
        Decoders.require(again?.json == bundle.json, "what is written can be read")
        // A trusted log for each entry, so that bodies, proofs and checkpoints are looked at too.
        guard let key = try? SigningKey.generate(.p256).publicKey else { return }
        let root = TrustedRoot(
            logs: bundle.entries.map {
                TrustedLog(
                    baseURL: "https://log.example.com",
                    id: $0.logID,
                    key: key,
                    window: ValidityWindow(startMilliseconds: 0)
                )
            },
            certificateAuthorities: [],
            certificateLogs: [],
            timestampAuthorities: []
        )
        for signer in signers(key) {
            let verifier = Verifier(root: root, policy: VerificationPolicy(signer: signer))
            Decoders.require((try? verifier.verify(bundle, of: digests)) == nil, "nothing verifies for a new key")
        }
    }

    private static func signers(_ key: PublicKey) -> [VerificationPolicy.Signer] {
        guard let any = TextPattern(expression: ".*") else { return [] }
        return [.key(key), .identity(ExpectedIdentity(name: any, issuer: any))]
    }

    @Sendable static func trustedRoot(_ bytes: [UInt8]) {
        _ = try? TrustedRoot(json: bytes)
    }

    /// An RFC 3161 response or token, and its verification for an authority that it isn't of.
    @Sendable static func timestamp(_ bytes: [UInt8]) {
        guard let token = try? TimestampToken(bytes) else { return }
        try? token.checkImprint(of: bytes)
        guard let authority else { return Decoders.require(false, "the authority is right") }
        Decoders.require((try? token.verify(authority)) == nil, "nothing verifies for a stranger")
    }

    /// A root whose key was thrown away.
    private static let authority: TrustedAuthority? = {
        guard let key = try? SigningKey.generate(.p256),
            let name = try? AuthorityName(country: nil, organization: "Example", commonName: "Stranger"),
            let serial = try? SerialNumber.random(),
            let root = try? AuthorityCertificates.root(
                name: name,
                key: key,
                serial: serial,
                notBeforeSeconds: 1_700_000_000
            ), let chain = try? CertificateChain([root])
        else { return nil }
        return TrustedAuthority(
            uri: "https://stranger.example",
            chain: chain,
            window: ValidityWindow(startMilliseconds: 0)
        )
    }()
}
