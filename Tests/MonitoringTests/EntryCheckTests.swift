import Certificates
import Keys
import Records
import Testing
import Transparency

@testable import Monitoring

@Suite("What is found in single entries")
struct EntryCheckTests {
    let authority: PaperAuthority
    let log: PaperLog

    init() throws {
        authority = try PaperAuthority()
        log = try PaperLog()
        try log.add(try authority.make("ann@example.com"), authority)
    }

    func kinds(pinned: [Certificate]? = nil, records: Bool = false) async throws -> [AlertKind] {
        let monitor = LogMonitor(
            source: log,
            key: log.key.publicKey,
            pinned: pinned ?? authority.chain,
            records: records ? log : nil
        )
        var serials = SerialMemory()
        var kinds: [AlertKind] = []
        try await monitor.follow(
            from: nil,
            to: try log.seen().head,
            isWhole: true,
            serials: &serials,
            visit: { entry throws(MonitoringError) in kinds += entry.findings.map(\.kind) }
        )
        return kinds
    }

    @Test("a serial number of the same CA twice is found, of another CA not")
    func serial() async throws {
        let serial = try SerialNumber.random()
        let other = try PaperAuthority()
        try log.add(try authority.make(serial: serial), authority)
        try log.add(try other.make(serial: serial), other)
        #expect(try await kinds(pinned: authority.chain + other.chain) == [])
        try log.add(try authority.make(serial: serial), authority)
        #expect(try await kinds(pinned: authority.chain + other.chain) == [.serialRepeated])
    }

    @Test("time that goes back is found")
    func time() async throws {
        log.change { contents in contents.timestamp = EntryTimestamp(milliseconds: 1_795_500_000_000 - 1) }
        try log.add(try authority.make(), authority)
        log.change { contents in contents.timestamp = EntryTimestamp(milliseconds: 1_795_500_001_000) }
        #expect(try await kinds() == [.timeWentBack])
    }

    @Test("an entry that is later than the checkpoint is found")
    func future() async throws {
        log.change { contents in contents.timestamp = EntryTimestamp(milliseconds: 1_795_500_000_000 - 1) }
        #expect(try await kinds() == [.timeWentBack])
    }

    @Test("an entry that names another place is found")
    func place() async throws {
        let made = try authority.make()
        try log.add(made.der, tbs: made.tbs, authority, claiming: 7)
        #expect(try await kinds() == [.indexWrong])
    }

    @Test("a CA that isn't pinned is found")
    func stranger() async throws {
        let other = try PaperAuthority()
        try log.add(try other.make(), other)
        #expect(try await kinds() == [.authorityUnexpected])
    }

    @Test("a certificate that the named CA didn't sign is found")
    func forged() async throws {
        var made = try authority.make().der
        made[made.count - 1] ^= 1
        try log.add(made, tbs: try authority.make().tbs, authority)
        #expect(try await kinds().contains(.authorityUnexpected))
    }

    @Test("a leaf with another certificate's bytes is found")
    func differing() async throws {
        try log.add(try authority.make().der, tbs: try authority.make().tbs, authority)
        #expect(try await kinds() == [.profileViolated])
    }

    @Test("a precertificate outside the profile is found")
    func outsideProfile() async throws {
        // A CA certificate: signed by the root, and no leaf of the profile.
        let root = PaperAuthority.withRootIssuing(authority)
        try log.add(authority.chain[0].der, tbs: [0x30, 0x00], root)
        #expect(try await kinds().contains(.profileViolated))
    }

    @Test("garbage where a certificate should be is found")
    func garbage() async throws {
        try log.add([1, 2, 3], tbs: [4], authority)
        #expect(try await kinds() == [.profileViolated])
    }

    @Test("a certificate of more bytes than any is isn't read")
    func oversized() async throws {
        try log.add([UInt8](repeating: 0x30, count: LogLimits.precertificateBytesMax + 1), tbs: [4], authority)
        #expect(try await kinds() == [.profileViolated])
    }

    @Test("a certificate that was never promised, of another issuer, is found twice; a CA's own isn't")
    func certificates() async throws {
        let der = try authority.make().der
        for (index, der) in [authority.chain[0].der, der].enumerated() {
            try log.change { contents in
                contents.leaves.append(
                    TileLeaf(
                        timestamped: TimestampedEntry(
                            timestamp: contents.timestamp,
                            entry: .x509(certificate: der),
                            extensions: try SCTExtensions(leafIndex: LeafIndex(UInt64(1 + index)))
                        ),
                        precertificate: nil,
                        chain: [authority.chain[1].fingerprint]
                    )
                )
            }
        }
        #expect(try await kinds() == [.authorityUnexpected, .profileViolated])
    }

    @Test("a CA certificate that was handed in is found unless it is known, and at the log's beginning")
    func handedInAuthority() async throws {
        // Known by the precertificate before it, or pinned.
        try handIn(authority.chain[0].der, chain: [authority.chain[1].fingerprint])
        #expect(try await kinds(pinned: [authority.chain[1]]) == [])
        #expect(try await kinds() == [])
        log.change { contents in contents.leaves = [] }
        for _ in 0..<2 { try handIn(authority.chain[0].der, chain: [authority.chain[1].fingerprint]) }
        #expect(try await kinds(pinned: [authority.chain[1]]) == [.authorityUnexpected])
    }

    @Test("a certificate that was handed in is no news when this log's promise is kept, and found otherwise")
    func handedIn() async throws {
        let stranger = try SigningKey.generate(.p256)
        let cases: [(SigningKey, Bool, [AlertKind])] = [
            (log.key, true, []), (log.key, false, [.promiseBroken]), (stranger, true, [.profileViolated]),
        ]
        for (key, isLogged, expected) in cases {
            log.change { contents in contents.leaves = [] }
            try log.add(try authority.make("ann@example.com"), authority)
            let precertificate = try authority.signer.precertificate(
                CertificateProfile(
                    serial: .random(),
                    notBeforeSeconds: PaperAuthority.now,
                    publicKey: key.publicKey,
                    san: SubjectAlternativeName(email: "ann@example.com"),
                    extensions: IdentityExtensions(issuer: "https://issuer.example.com")
                )
            )
            let place = TimestampedEntry(
                timestamp: EntryTimestamp(milliseconds: 1_795_500_000_000),
                entry: CertificateEntry.precertificate(
                    issuerKeyHash: precertificate.issuerKeyHash,
                    tbsCertificate: precertificate.tbsWithoutPoison
                ),
                extensions: try SCTExtensions(leafIndex: LeafIndex(1))
            )
            let list = try SignedCertificateTimestamp.list([SignedCertificateTimestamp(signing: place, with: key)])
            let logged = (der: precertificate.der, tbs: precertificate.tbsWithoutPoison)
            let der = try authority.signer.finish(precertificate, sctList: list).der
            if isLogged {
                try log.add(logged.der, tbs: logged.tbs, authority)
            } else {
                try log.add(try authority.make("eve@example.com"), authority)
            }
            try handIn(der, chain: authority.chain.map(\.fingerprint))
            #expect(try await kinds() == expected)
        }
    }

    /// Takes a certificate, as `add-chain` does.
    private func handIn(_ der: [UInt8], chain: [SHA256Digest]) throws {
        try log.change { contents in
            contents.leaves.append(
                TileLeaf(
                    timestamped: TimestampedEntry(
                        timestamp: contents.timestamp,
                        entry: .x509(certificate: der),
                        extensions: try SCTExtensions(leafIndex: LeafIndex(UInt64(contents.leaves.count)))
                    ),
                    precertificate: nil,
                    chain: chain
                )
            )
        }
    }

    @Test("a certificate without a record, and one with another's, are found")
    func records() async throws {
        let made = try authority.make()
        try log.add(made, authority)
        let certificate = try Certificate(der: made.der)
        let time = EntryTimestamp(milliseconds: 1_795_500_000_000)
        var record = IssuanceRecord(.issued, RequestID(text: ""), at: time)
        record.precertificate = certificate.fingerprint
        record.serialHex = try SerialNumber(bytes: certificate.serialNumber).hex
        log.change { contents in contents.records[LeafIndex(1)] = record }
        #expect(try await kinds(records: true) == [.recordMissing])
        log.change { contents in contents.records[LeafIndex(0)] = record }
        #expect(try await kinds(records: true) == [.recordDiffers])
    }

    @Test("more chains than a sound log has are findings, and not fetched for ever")
    func chains() async throws {
        let made = try authority.make()
        for number in 0..<LogLimits.chainsMax + 5 {
            try log.add(made, authority)
            log.change { contents in
                let leaf = contents.leaves.removeLast()
                let stranger = SHA256Digest(hashing: [UInt8(number)])
                let chain = [UInt8](repeating: 0, count: LogLimits.chainMax).map { _ in stranger }
                contents.leaves.append(
                    TileLeaf(
                        timestamped: leaf.timestamped,
                        precertificate: leaf.precertificate,
                        chain: chain + [stranger]
                    )
                )
            }
        }
        let kinds = try await kinds()
        #expect(kinds.count { $0 == .authorityUnexpected } == LogLimits.chainsMax + 5)
        #expect(log.contents.withLock { $0.reads.count { $0.hasPrefix("issuer/") } } == 2)
    }
}

extension PaperAuthority {
    /// The root as the issuing CA.
    static func withRootIssuing(_ authority: PaperAuthority) -> PaperAuthority {
        PaperAuthority(chain: [authority.chain[1]], signer: authority.signer)
    }
}
