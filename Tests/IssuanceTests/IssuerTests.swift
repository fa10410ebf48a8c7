import Certificates
import Keys
import Testing
import Transparency

@testable import Issuance

@Suite("CERT-1…13, CT-5, CT-6: the two steps of issuing")
struct IssuerTests {
    private func authority(_ algorithm: KeyAlgorithm, now: Int64) throws -> (Issuer, CertificateChain) {
        let rootKey = try SigningKey.generate(.p384)
        let key = try SigningKey.generate(algorithm)
        let name = { (common: String) throws(CertificatesError) in
            try AuthorityName(country: AuthorityName.noCountry, organization: "Test", commonName: common)
        }
        let root = try AuthorityCertificates.root(
            name: try name("Root"),
            key: rootKey,
            serial: try SerialNumber.random(),
            notBeforeSeconds: now
        )
        let issuing = try AuthorityCertificates.intermediate(
            name: try name("CA"),
            publicKey: key.publicKey,
            issuer: root,
            issuerKey: rootKey,
            serial: try SerialNumber.random(),
            notBeforeSeconds: now
        )
        let chain = try CertificateChain([issuing, root])
        return (Issuer(signer: try CertificateSigner(key: key, chain: chain)), chain)
    }

    @Test("a certificate with exactly one promise, which verifies", arguments: [KeyAlgorithm.p256, .p384, .ed25519])
    func certificateCarriesItsPromise(algorithm: KeyAlgorithm) async throws {
        let now = TestIdentity.now
        let (issuer, chain) = try authority(algorithm, now: now - 100)
        let identity = try await TestIdentity.alice()
        let client = try SigningKey.generate(.p256)
        let request = KeyRequest.publicKey(
            content: Array(client.publicKey.pem.utf8),
            proof: try client.sign(identity.challenge)
        )
        let proven = try PossessionProof().verify(request, by: identity)
        let prepared = try issuer.prepare(identity, proven, at: now)

        let log = try SigningKey.generate(.p256)
        let entry = CertificateEntry.precertificate(
            issuerKeyHash: prepared.precertificate.issuerKeyHash,
            tbsCertificate: prepared.precertificate.tbsWithoutPoison
        )
        let timestamp = try SignedCertificateTimestamp(
            signing: TimestampedEntry(
                timestamp: EntryTimestamp(milliseconds: UInt64(now) * 1000),
                entry: entry,
                extensions: try SCTExtensions(leafIndex: LeafIndex(1))
            ),
            with: log
        )
        let issued = try issuer.finish(prepared, timestamp)

        let leaf = try Certificate(der: issued.certificate.der)
        try leaf.verify(issuedBy: chain.issuing)
        #expect(leaf.notBeforeSeconds == now && leaf.notAfterSeconds == now + 600)
        #expect(leaf.subjectPublicKeyInfo == client.publicKey.subjectPublicKeyInfo)
        #expect(try leaf.subjectAlternativeNames() == [.email(TestIdentity.email)])
        let list = try #require(try leaf.sctList())
        #expect(try SignedCertificateTimestamp.timestamps(inList: list) == [timestamp])
        let rebuilt = CertificateEntry.precertificate(
            issuerKeyHash: SHA256Digest(hashing: chain.issuing.subjectPublicKeyInfo),
            tbsCertificate: try leaf.precertificateTBS()
        )
        try timestamp.verify(rebuilt, key: log.publicKey)
    }

    @Test("CHAIN-6 [Q]: an authority that ends first issues nothing")
    func endingAuthorityIssuesNothing() async throws {
        let now = TestIdentity.now
        let (issuer, chain) = try authority(.p256, now: now)
        let identity = try await TestIdentity.alice()
        let client = try SigningKey.generate(.p256)
        let proven = try PossessionProof().verify(
            .publicKey(content: Array(client.publicKey.pem.utf8), proof: try client.sign(identity.challenge)),
            by: identity
        )
        let last = chain.issuing.notAfterSeconds - 600
        _ = try issuer.prepare(identity, proven, at: last)
        for moment in [last + 1, now - 1] {
            do throws(IssuanceError) {
                _ = try issuer.prepare(identity, proven, at: moment)
                Issue.record("issued at \(moment)")
            } catch {
                #expect(error == .authorityExpired)
            }
        }
    }
}
