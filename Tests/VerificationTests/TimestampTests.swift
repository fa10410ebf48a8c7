import Certificates
import Keys
import SignatureTestKit
import TestKit
import Testing
import Timestamping
import Verification

@Suite("RFC 3161, client specification §4.2: timestamps")
struct TimestampTests {
    private typealias Options = TestTimestampAuthority.Options
    private let artifact = ArtifactDigests(of: TestStack.artifact)
    private let seconds = TestStack.seconds

    private func trusted(
        _ authority: TestTimestampAuthority,
        chain: CertificateChain? = nil,
        window: ValidityWindow? = nil
    ) -> TrustedAuthority {
        TrustedAuthority(
            uri: "https://tsa",
            chain: chain ?? authority.chain,
            window: window ?? ValidityWindow(startMilliseconds: 0)
        )
    }

    /// Verifies a Rekor v2 bundle, which has no other time than the timestamps'.
    private func verify(
        _ stack: TestStack,
        _ authorities: [TrustedAuthority],
        timestamps: ([UInt8]) throws -> [[UInt8]]
    ) throws -> VerifiedSignature {
        let content = try stack.message()
        let bundle = try stack.bundle(.hashedRekordV002, content, timestamps: try timestamps(content.signature))
        let root = stack.root(timestampAuthorities: authorities)
        return try Verifier(root: root, policy: try TestStack.policy).verify(bundle, of: artifact)
    }

    private func problem(
        _ authority: TestTimestampAuthority,
        _ trusted: TrustedAuthority? = nil,
        at seconds: Int64? = nil
    ) throws -> TimeProblem? {
        do {
            _ = try verify(try TestStack(), [trusted ?? self.trusted(authority)]) {
                [try authority.timestamp(of: $0, atSeconds: seconds ?? self.seconds)]
            }
        } catch let error as VerificationError {
            guard case .time(let problem) = error else { throw error }
            return problem
        }
        return nil
    }

    @Test("keys and digests of every kind, with the signer's certificate in the token and without")
    func verifies() throws {
        for algorithm in [KeyAlgorithm.p256, .p384, .p521, .rsa(bits: 2048)] {
            for isIncluded in [false, true] {
                var options = Options(around: seconds)
                options.isCertificateIncluded = isIncluded
                let authority = try TestTimestampAuthority(options, key: algorithm)
                for digest in DigestAlgorithm.allCases {
                    let signature = try verify(try TestStack(), [trusted(authority)]) {
                        [try authority.timestamp(of: $0, atSeconds: seconds, digest: digest)]
                    }
                    #expect(signature.times.map(\.seconds) == [seconds])
                }
            }
        }
    }

    @Test("the signer's certificate may be in the token or in the trusted root, but must be in one")
    func certificates() throws {
        var options = Options(around: seconds)
        let without = try TestTimestampAuthority(options)
        let rootOnly = trusted(without, chain: try CertificateChain([without.root]))
        guard case .authorityUnknown = try problem(without, rootOnly) else { throw Unexpected() }
        options.isCertificateIncluded = true
        let with = try TestTimestampAuthority(options)
        #expect(try problem(with, trusted(with, chain: try CertificateChain([with.root]))) == nil)
        // Another signer of the same authority than the one that the trusted root names.
        let leafOnly = trusted(with, chain: try CertificateChain([with.chain.issuing]))
        #expect(try problem(with, leafOnly) == .anchorMissing(uri: "https://tsa"))
    }

    @Test("the extended key usage is timeStamping, critical and alone; our own authority's answers verify")
    func usages() throws {
        for (usage, isValid) in [
            ("critical,timeStamping", true), ("timeStamping", false), ("critical,timeStamping,codeSigning", false),
            ("critical,codeSigning", false), (nil, false),
        ] as [(String?, Bool)] {
            for wantsCertificates in [false, true] {
                var options = Options(around: seconds)
                options.extendedKeyUsage = usage
                let certificates = try TestTimestampAuthority(options)
                let authority = try TimestampAuthority(
                    key: certificates.key,
                    chain: certificates.chain,
                    policy: TimestampPolicy("1.3.6.1.4.1.57264.2")
                )
                let verdict = Result {
                    try verify(try TestStack(), [trusted(certificates)]) { signature in
                        let request = try TimestampRequest(
                            digest: .sha256,
                            imprint: DigestAlgorithm.sha256.digest(signature),
                            wantsCertificates: wantsCertificates
                        )
                        return [try authority.answer(to: request, at: seconds)]
                    }
                }
                guard case .failure(let error) = verdict else {
                    #expect(isValid)
                    continue
                }
                guard case .time(.authorityUnknown) = error as? VerificationError, !isValid else { throw error }
            }
        }
    }

    @Test("the moment lies in the signer's certificate and in the trusted root's window, both ends included")
    func windows() throws {
        for (notBefore, notAfter, isValid) in [
            (seconds, seconds + 60, true), (seconds - 60, seconds, true), (seconds + 1, seconds + 60, false),
            (seconds - 60, seconds - 1, false),
        ] {
            var options = Options(around: seconds)
            options.notBefore = notBefore
            options.notAfter = notAfter
            #expect(try (problem(try TestTimestampAuthority(options)) == nil) == isValid)
        }
        let authority = try TestTimestampAuthority(Options(around: seconds))
        let moment = seconds * 1000
        for (start, end, isValid) in [
            (moment, moment, true), (moment + 1, nil, false), (0, moment - 1, false),
        ] as [(Int64, Int64?, Bool)] {
            let window = ValidityWindow(startMilliseconds: start, endMilliseconds: end)
            let problem = try problem(authority, trusted(authority, window: window))
            #expect(problem == (isValid ? nil : .outsideWindow(uri: "https://tsa")))
        }
    }

    @Test("timestamps of unknown authorities are passed over, wrong ones are not")
    func unknownAndWrong() throws {
        let authority = try TestTimestampAuthority(Options(around: seconds))
        let stranger = try TestTimestampAuthority(Options(around: seconds))
        let signature = try verify(try TestStack(), [trusted(authority)]) {
            [try stranger.timestamp(of: $0, atSeconds: seconds), try authority.timestamp(of: $0, atSeconds: seconds)]
        }
        #expect(signature.times.count == 1)
        // One authority counts once.
        let twice = try verify(try TestStack(), [trusted(authority)]) {
            [
                try authority.timestamp(of: $0, atSeconds: seconds),
                try authority.timestamp(of: $0, atSeconds: seconds + 1),
            ]
        }
        #expect(twice.times.map(\.seconds) == [seconds])
        guard case .authorityUnknown = try problem(stranger, trusted(authority)) else { throw Unexpected() }
        for (wrong, expected) in [
            ([UInt8](), TimeProblem.malformed), ([0x30, 0x00], .malformed), (Self.rejection, .notGranted(status: 2)),
        ] {
            #expect(throws: VerificationError.time(expected)) {
                try verify(try TestStack(), [trusted(authority)]) {
                    [try authority.timestamp(of: $0, atSeconds: seconds), wrong]
                }
            }
        }
        #expect(throws: VerificationError.time(.imprintMismatch)) {
            try verify(try TestStack(), [trusted(authority)]) { _ in
                [try authority.timestamp(of: [1], atSeconds: seconds)]
            }
        }
        // A signature that is damaged is no stranger's, also where a log says the time too.
        for kind in [EntryKind.hashedRekordV001, .hashedRekordV002] {
            let stack = try TestStack()
            let content = try stack.message()
            var damaged = try authority.timestamp(of: content.signature, atSeconds: seconds)
            damaged[damaged.count - 1] ^= 1
            let bundle = try stack.bundle(kind, content, timestamps: [damaged])
            let root = stack.root(timestampAuthorities: [trusted(authority)])
            #expect(throws: VerificationError.time(.signatureInvalid(uri: "https://tsa"))) {
                try Verifier(root: root, policy: try TestStack.policy).verify(bundle, of: artifact)
            }
        }
        #expect(throws: VerificationError.time(.noSource)) {
            try verify(try TestStack(), [trusted(authority)]) { _ in [] }
        }
    }

    /// TimeStampResp with PKIStatus rejection(2) and no token.
    private static let rejection: [UInt8] = [0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x02]

    @Test("every byte of a response is covered: no change of one leaves a timestamp that counts")
    func everyByte() throws {
        let authority = try TestTimestampAuthority(Options(around: seconds))
        let stack = try TestStack()
        let content = try stack.message()
        let certificate = try stack.certificate()
        let good = try authority.timestamp(of: content.signature, atSeconds: seconds)
        let verifier = Verifier(
            root: stack.root(timestampAuthorities: [trusted(authority)]),
            policy: try TestStack.policy
        )
        func verifies(_ timestamp: [UInt8]) throws -> Bool {
            let bundle = try stack.bundle(
                .hashedRekordV002,
                content,
                certificate: certificate,
                timestamps: [timestamp]
            )
            return (try? verifier.verify(bundle, of: artifact)) != nil
        }
        #expect(try verifies(good))
        var taken: [Int] = []
        for place in good.indices {
            var changed = good
            changed[place] ^= 0x01
            if try verifies(changed) { taken.append(place) }
        }
        // No signature covers these, and none says anything: granted(0) for grantedWithMods(1), the CMS versions, the NULLs
        // of two digest algorithms, and the name of the signature's algorithm, which the key and the digest say too.
        #expect(taken.count == 1 + 2 + 2 + 8, "\(taken.map { "\($0): \(good[$0])" })")
        let imprint = try #require(good.firstRange(of: DigestAlgorithm.sha256.digest(content.signature)))
        #expect(!taken.contains { imprint.lowerBound - 40 < $0 && $0 < imprint.upperBound + 20 })
        #expect(!taken.contains { $0 > good.count - 70 })
    }

    @Test("the certificate must be valid at the timestamp's moment, and at the log's, if both say one")
    func bothMoments() throws {
        let authority = try TestTimestampAuthority(Options(around: seconds))
        let stack = try TestStack()
        let content = try stack.message()
        let late = stack.root(timestampAuthorities: [trusted(authority)])
        let hour = try authority.timestamp(of: content.signature, atSeconds: seconds + 3600)
        let bundle = try stack.bundle(.hashedRekordV001, content, timestamps: [hour])
        let error = #expect(throws: VerificationError.self) {
            try Verifier(root: late, policy: try TestStack.policy).verify(bundle, of: artifact)
        }
        #expect(error?.step == .certificate)
        let good = try authority.timestamp(of: content.signature, atSeconds: seconds + 1)
        let both = try stack.bundle(.hashedRekordV001, content, timestamps: [good])
        let signature = try Verifier(root: late, policy: try TestStack.policy).verify(both, of: artifact)
        #expect(signature.times.map(\.seconds) == [seconds, seconds + 1])
    }

    private struct Unexpected: Error {}
}
