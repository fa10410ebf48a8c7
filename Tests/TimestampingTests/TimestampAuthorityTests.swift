import Certificates
import Keys
import Testing

@testable import Timestamping

@Suite("Timestamps: RFC 3161 §2.4.2, RFC 5816")
struct TimestampAuthorityTests {
    private let stamper: TestStamper
    private let now = TestStamper.now

    init() throws { stamper = try TestStamper() }

    private func request(
        _ digest: DigestAlgorithm = .sha256,
        policy: String? = nil,
        nonce: TimestampNonce? = nil,
        wantsCertificates: Bool = false
    ) throws -> TimestampRequest {
        try TimestampRequest(
            digest: digest,
            imprint: [UInt8](repeating: 7, count: digest.byteCount),
            policy: policy.map { try TimestampPolicy($0) },
            nonce: nonce,
            wantsCertificates: wantsCertificates
        )
    }

    @Test(arguments: [DigestAlgorithm.sha256, .sha384, .sha512], [true, false])
    func openSSLAcceptsEveryKindOfAnswer(digest: DigestAlgorithm, wantsCertificates: Bool) throws {
        for nonce in [nil, try TimestampNonce.random(), TimestampNonce(decimal: "-1")] {
            for policy in [nil, TimestampPolicy.sigstore] {
                let request = try request(digest, policy: policy, nonce: nonce, wantsCertificates: wantsCertificates)
                let answer = try stamper.authority.answer(to: request, at: now)
                #expect(Judgement.accepts(answer, to: try request.der, chain: stamper.chain, at: now))
                let read = try #require(Judgement.Answer(answer))
                #expect(read.status == 0)
                #expect(read.hasNonce == (nonce != nil))
                #expect(read.certificates == (wantsCertificates ? 1 : 0))
            }
        }
    }

    @Test func anAnswerToAnotherRequestIsNotAccepted() throws {
        let asked = try request(nonce: .random())
        let answer = try stamper.authority.answer(to: asked, at: now)
        for other in [try request(nonce: .random()), try request(.sha512, nonce: asked.nonce)] {
            #expect(!Judgement.accepts(answer, to: try other.der, chain: stamper.chain, at: now))
        }
        let stranger = try TestStamper()
        #expect(!Judgement.accepts(answer, to: try asked.der, chain: stranger.chain, at: now))
    }

    @Test func aTimestampSaysWhatItShould() throws {
        let read = try #require(Judgement.Answer(try stamper.authority.answer(to: request(), at: now)))
        #expect(read.policy == TimestampPolicy.sigstore)
        #expect(read.seconds == now)
        #expect(read.accuracySeconds == 1)
        #expect(!read.isOrdered)
        #expect(read.imprint == [UInt8](repeating: 7, count: 32))
    }

    /// RFC 5816 §2.2.1: the certificate is named by SHA-256; and the time of signing is the one that the timestamp states.
    @Test func theSignedAttributesNameCertificateAndTime() throws {
        let seconds: Int64 = 1_795_500_123
        for wantsCertificates in [true, false] {
            let answer = try stamper.authority.answer(to: request(wantsCertificates: wantsCertificates), at: seconds)
            // id-aa-signingCertificateV2 (1.2.840.113549.1.9.16.2.47), then SET { SigningCertificateV2 { { ESSCertIDv2 { hash } } } }.
            let identifier: [UInt8] = [0x06, 0x0B, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x02, 0x2F]
            let hash = stamper.chain.issuing.fingerprint.bytes
            let value: [UInt8] = [0x31, 0x28, 0x30, 0x26, 0x30, 0x24, 0x30, 0x22, 0x04, 0x20] + hash
            #expect(answer.firstRange(of: identifier + value) != nil)
            // id-signingTime (1.2.840.113549.1.9.5), then SET { UTCTime }.
            let time: [UInt8] =
                [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x05, 0x31, 0x0F, 0x17, 0x0D]
                + Array("261124060203Z".utf8)
            #expect(answer.firstRange(of: time) != nil)
        }
    }

    @Test func serialNumbersArePositiveLongAndNeverTheSame() throws {
        var answers: Set<[UInt8]> = []
        for _ in 0..<50 {
            let answer = try stamper.authority.answer(to: request(), at: now)
            let bits = try #require(Judgement.Answer(answer)).serialBits
            #expect((64...159).contains(bits))
            answers.insert(answer)
        }
        #expect(answers.count == 50)
    }

    @Test(arguments: [KeyAlgorithm.p256, .p384, .p521, .rsa(bits: 2048), .rsa(bits: 4096)])
    func keysOfEveryOtherKindSign(algorithm: KeyAlgorithm) throws {
        let stamper = try TestStamper(algorithm)
        let request = try request(.sha512, nonce: .random(), wantsCertificates: true)
        let answer = try stamper.authority.answer(to: request, at: now)
        #expect(Judgement.accepts(answer, to: try request.der, chain: stamper.chain, at: now))
    }

    @Test func anEd25519KeyIsRefusedWithItsReason() {
        #expect(throws: TimestampingError.keyUnsupported(.ed25519)) { try TestStamper(.ed25519) }
        #expect("\(TimestampingError.keyUnsupported(.ed25519))".contains("sigstore-python"))
    }

    @Test func anotherPolicyIsRefused() throws {
        #expect(throws: TimestampingError.refused(.unacceptedPolicy)) {
            try stamper.authority.answer(to: request(policy: "1.2.3"), at: now)
        }
    }

    @Test func nothingIsSignedBeforeAndAfterTheCertificatesAreValid() throws {
        let leaf = stamper.chain.issuing
        #expect(throws: TimestampingError.notYetValid) {
            try stamper.authority.answer(to: request(), at: leaf.notBeforeSeconds - 1)
        }
        #expect(throws: TimestampingError.expired) {
            try stamper.authority.answer(to: request(), at: leaf.notAfterSeconds + 1)
        }
        for seconds in [leaf.notBeforeSeconds, leaf.notAfterSeconds] {
            _ = try stamper.authority.answer(to: request(), at: seconds)
        }
    }

    /// From 2050 on a UTCTime would be taken for one a century ago (RFC 5652 §11.3).
    @Test func theYearAfter2049CanBeTold() throws {
        let seconds: Int64 = 2_540_000_000
        let rootKey = try SigningKey.generate(.p256)
        let key = try SigningKey.generate(.p256)
        let name = try AuthorityName(country: "XX", organization: "Example", commonName: "TSA")
        let root = try AuthorityCertificates.root(
            name: name,
            key: rootKey,
            serial: .random(),
            notBeforeSeconds: seconds - 10
        )
        let leaf = try AuthorityCertificates.timestamping(
            name: try AuthorityName(country: nil, organization: "Example", commonName: "Leaf"),
            publicKey: key.publicKey,
            issuer: root,
            issuerKey: rootKey,
            serial: .random(),
            notBeforeSeconds: seconds - 10
        )
        let chain = try CertificateChain([leaf, root])
        let authority = try TimestampAuthority(key: key, chain: chain, policy: TimestampPolicy("1.2.3"))
        let asked = try request(wantsCertificates: true)
        let answer = try authority.answer(to: asked, at: seconds)
        #expect(Judgement.accepts(answer, to: try asked.der, chain: chain, at: seconds))
        #expect(Judgement.Answer(answer)?.seconds == seconds)
    }

    @Test func manyThreadsSignAtOnce() async throws {
        let authority = stamper.authority
        let chain = stamper.chain
        let isGood = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<64 {
                let asked = try request(nonce: .random(), wantsCertificates: number.isMultiple(of: 2))
                let der = try asked.der
                group.addTask {
                    let answer = try authority.answer(to: asked, at: TestStamper.now + Int64(number))
                    return Judgement.accepts(answer, to: der, chain: chain, at: TestStamper.now)
                        && Judgement.Answer(answer)?.seconds == TestStamper.now + Int64(number)
                }
            }
            return try await group.allSatisfy { $0 }
        }
        #expect(isGood)
    }
}
