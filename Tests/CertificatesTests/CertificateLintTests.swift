import Keys
import TestKit
import Testing

@testable import Certificates

@Suite("Lint: RFC 5280 §4, RFC 6962 §3.1, §3.3, CERT-1 to CERT-13")
struct CertificateLintTests {
    enum Kind: CaseIterable { case precertificate, certificate }

    /// One good issuance, whose TBSCertificates get broken.
    struct Setting {
        let authority: TestAuthority
        let profile: CertificateProfile
        let withoutPoison: [UInt8]
        let precertificate: [UInt8]
        let certificate: [UInt8]

        init(_ makeProfile: (PublicKey) throws -> CertificateProfile = { try TestProfile.workflow($0) }) throws {
            authority = try TestAuthority.intermediate()
            profile = try makeProfile(SigningKey.generate(.p256).publicKey)
            let signer = try authority.signer()
            let made = try signer.precertificate(profile)
            withoutPoison = made.tbsWithoutPoison
            precertificate = try Self.tbs(made.der)
            certificate = try Self.tbs(signer.finish(made, sctList: TestProfile.sctList).der)
        }

        private static func tbs(_ der: [UInt8]) throws -> [UInt8] {
            try #require(der.withUnsafeBufferPointer { DERElement($0)?.first.map { Array($0.whole) } })
        }

        func tbs(_ kind: Kind) -> [UInt8] { kind == .precertificate ? precertificate : certificate }

        /// What the lint finds; nothing if it is content.
        func findings(_ tbs: [UInt8], _ kind: Kind, withoutPoison other: [UInt8]? = nil) -> [LintFinding] {
            let other = other ?? withoutPoison
            let form: CertificateLint.Form =
                switch kind {
                case .precertificate: .precertificate(withoutPoison: other)
                case .certificate: .certificate(sctList: TestProfile.sctList, withoutPoison: other)
                }
            do {
                try CertificateLint.check(
                    tbs,
                    as: form,
                    against: profile,
                    issuer: authority.certificate,
                    scheme: authority.key.scheme
                )
                return []
            } catch {
                guard case .lint(let findings) = error else { return [.unreadable, .unreadable] }
                return findings
            }
        }

        /// What the lint finds beyond the difference to the precertificate, which each change makes.
        func findings(_ kind: Kind, _ fault: (inout BrokenTBS) throws -> Void) throws -> [LintFinding] {
            var broken = try BrokenTBS(tbs(kind))
            try fault(&broken)
            return findings(broken.encoded, kind).filter { $0 != .differsFromPrecertificate }
        }
    }

    @Test(arguments: Kind.allCases)
    func whatIsIssuedIsClean(_ kind: Kind) throws {
        let setting = try Setting()
        #expect(setting.findings(setting.tbs(kind), kind) == [])
        #expect(try BrokenTBS(setting.tbs(kind)).encoded == setting.tbs(kind))
    }

    // MARK: Fields

    struct Fault: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let finding: LintFinding
        let apply: @Sendable (inout BrokenTBS, Setting) throws -> Void

        init(
            _ name: String,
            _ finding: LintFinding,
            _ apply: @escaping @Sendable (inout BrokenTBS, Setting) throws -> Void
        ) {
            testDescription = name
            self.finding = finding
            self.apply = apply
        }
    }

    static let fieldFaults = [
        Fault("version 2", .version) { tbs, _ in tbs.fields[0] = bytes("a003020101") },
        Fault("version 1", .version) { tbs, _ in tbs.fields.removeFirst() },
        Fault("other serial", .serialNumber) { tbs, _ in tbs.fields[1] = bytes("020101") },
        Fault("serial zero", .serialNumber) { tbs, _ in tbs.fields[1] = bytes("020100") },
        Fault("negative serial", .serialNumber) { tbs, _ in tbs.fields[1][2] |= 0x80 },
        Fault("serial of 21 octets", .serialNumber) { tbs, setting in
            tbs.fields[1] = [0x02, 21, 1] + [UInt8](repeating: 0, count: 20 - setting.profile.serial.bytes.count)
            tbs.fields[1] += setting.profile.serial.bytes
        },
        Fault("serial with a zero in front", .serialNumber) { tbs, _ in
            tbs.fields[1] = [0x02, tbs.fields[1][1] + 1, 0] + tbs.fields[1].dropFirst(2)
        },
        Fault("other digest", .signatureAlgorithm) { tbs, _ in tbs.fields[2] = bytes("300a06082a8648ce3d040303") },
        Fault("algorithm with NULL", .signatureAlgorithm) { tbs, _ in
            tbs.fields[2] = bytes("300c06082a8648ce3d0403020500")
        },
        Fault("other issuer", .issuer) { tbs, setting in tbs.fields[3] = setting.authority.chain.certificates[1].subject
        },
        Fault("issuer in PrintableString", .issuer) { tbs, _ in
            // The tags of O and CN.
            for place in tbs.fields[3].indices.dropLast(3)
            where [[0x55, 0x04, 0x0A, 0x0C], [0x55, 0x04, 0x03, 0x0C]].contains(tbs.fields[3][place..<place + 4]) {
                tbs.fields[3][place + 3] = 0x13
            }
        },
        Fault("empty issuer", .issuer) { tbs, _ in tbs.fields[3] = [0x30, 0] },
        Fault("a second later", .notBefore) { tbs, _ in
            tbs.fields[4] = validity("170d3236313132343036303030315a", "170d3236313132343036313030315a")
        },
        Fault("a century earlier", .notBefore) { tbs, _ in
            tbs.fields[4] = validity("180f31393236313132343036303030305a", "180f31393236313132343036313030305a")
        },
        Fault("601 seconds", .lifetime) { tbs, _ in
            tbs.fields[4] = validity("170d3236313132343036303030305a", "170d3236313132343036313030315a")
        },
        Fault("599 seconds", .lifetime) { tbs, _ in
            tbs.fields[4] = validity("170d3236313132343036303030305a", "170d3236313132343036303935395a")
        },
        Fault("GeneralizedTime before 2050", .timeType) { tbs, _ in
            tbs.fields[4] = validity("180f32303236313132343036303030305a", "180f32303236313132343036313030305a")
        },
        Fault("subject", .subject) { tbs, setting in tbs.fields[5] = setting.authority.certificate.subject },
        Fault("other key", .publicKey) { tbs, setting in
            tbs.fields[6] = setting.authority.key.publicKey.subjectPublicKeyInfo
        },
        Fault("issuerUniqueID", .unexpectedField) { tbs, _ in tbs.fields.append(bytes("81020000")) },
    ]

    private static func validity(_ notBefore: String, _ notAfter: String) -> [UInt8] {
        let times = bytes(notBefore) + bytes(notAfter)
        return [0x30, UInt8(times.count)] + times
    }

    @Test(arguments: fieldFaults, Kind.allCases)
    func faultInAFieldIsCaughtByName(_ fault: Fault, _ kind: Kind) throws {
        let setting = try Setting()
        let findings = try setting.findings(kind) { try fault.apply(&$0, setting) }
        #expect(findings.contains(fault.finding), "\(findings)")
        // The century needs the other type of time, so that there are two findings.
        #expect(findings.count == (fault.testDescription == "a century earlier" ? 2 : 1), "\(findings)")
    }

    // MARK: Extensions

    @Test(arguments: Kind.allCases)
    func faultInEachExtensionIsCaughtByName(_ kind: Kind) throws {
        let setting = try Setting()
        let count = try BrokenTBS(setting.tbs(kind)).extensions.count
        #expect(count == 15)
        for place in 0..<count {
            let oid = try BrokenTBS.oid(BrokenTBS(setting.tbs(kind)).extensions[place])
            #expect(try setting.findings(kind) { $0.extensions.remove(at: place) } == [.extensionMissing(oid)])
            #expect(
                try setting.findings(kind) { $0.extensions.append($0.extensions[place]) } == [.extensionRepeated(oid)]
            )
            #expect(
                try setting.findings(kind) { try $0.change(place, critical: { !$0 }) } == [.extensionCriticality(oid)]
            )
            #expect(
                try setting.findings(kind) { try $0.change(place, value: { $0 + [0x41] }) } == [.extensionValue(oid)]
            )
            #expect(
                try setting.findings(kind) { try $0.change(place, value: { _ in [] }) } == [.extensionValue(oid)]
            )
            #expect(
                try setting.findings(kind) {
                    try $0.change(place, value: { $0.dropLast() + [($0.last ?? 0) ^ 1] })
                } == [.extensionValue(oid)]
            )
        }
    }

    @Test(arguments: Kind.allCases)
    func anyOtherOrderIsCaught(_ kind: Kind) throws {
        let setting = try Setting()
        for place in 0..<14 {
            #expect(try setting.findings(kind) { $0.extensions.swapAt(place, place + 1) } == [.extensionOrder])
        }
    }

    @Test(arguments: Kind.allCases)
    func extensionsThatNobodyWantsAreCaught(_ kind: Kind) throws {
        let setting = try Setting()
        let constraints = bytes("300c0603551d130101ff04023000")
        #expect(
            try setting.findings(kind) { $0.extensions.insert(constraints, at: 0) } == [
                .extensionUnexpected("2.5.29.19")
            ]
        )
        let named = bytes("300f060a2b0601040183bf300104040161")
        #expect(
            try setting.findings(kind) { $0.extensions.insert(named, at: 9) }
                == [.extensionUnexpected("1.3.6.1.4.1.57264.1.4")]
        )
    }

    @Test func poisonAndTimestampsDoNotChangePlaces() throws {
        let setting = try Setting()
        let poison = "1.3.6.1.4.1.11129.2.4.3"
        let timestamps = "1.3.6.1.4.1.11129.2.4.2"
        let expected: [LintFinding] = [.extensionUnexpected(timestamps), .extensionMissing(poison)]
        #expect(setting.findings(setting.certificate, .precertificate) == expected)
        let other: [LintFinding] = [.extensionUnexpected(poison), .extensionMissing(timestamps)]
        #expect(setting.findings(setting.precertificate, .certificate) == other)
        #expect(setting.findings(setting.withoutPoison, .precertificate).contains(.extensionMissing(poison)))
    }

    @Test func wrongEncodingsOfTextsAreCaught() throws {
        let setting = try Setting()
        let issuer = "1.3.6.1.4.1.57264.1.1"
        let issuerV2 = "1.3.6.1.4.1.57264.1.8"
        #expect(
            try setting.findings(.certificate) {
                try $0.change($0.place(issuer), value: { [0x0C, UInt8($0.count)] + $0 })
            } == [.extensionValue(issuer)]
        )
        #expect(
            try setting.findings(.certificate) {
                try $0.change($0.place(issuerV2), value: { Array($0.dropFirst(2)) })
            } == [.extensionValue(issuerV2)]
        )
        #expect(
            try setting.findings(.certificate) {
                try $0.change($0.place(issuerV2), value: { [0x13] + $0.dropFirst() })
            } == [.extensionValue(issuerV2)]
        )
        let timestamps = "1.3.6.1.4.1.11129.2.4.2"
        #expect(
            try setting.findings(.certificate) {
                try $0.change($0.place(timestamps), value: { Array($0.dropFirst(2)) })
            } == [.extensionValue(timestamps)]
        )
    }

    @Test(arguments: [
        ("3027" + "8111" + "6a616e65406578616d706c652e636f6d" + "61", "overlong"),
        ("3012" + "8210" + "6a616e65406578616d706c652e636f6d", "dNSName"),
        ("3012" + "8610" + "6a616e65406578616d706c652e636f6d", "URI"),
        ("3012" + "8110" + "4a616e65406578616d706c652e636f6d", "other case"),
        ("3024" + "81106a616e65406578616d706c652e636f6d" + "81106a616e65406578616d706c652e636f6d", "twice"),
        ("3014" + "8112" + "6a616e65406578616d706c652e636f6d0061", "NUL"),
        ("3000", "none"),
    ])
    func wrongNamesAreCaught(_ names: String, _ fault: String) throws {
        let setting = try Setting { try TestProfile.email($0) }
        #expect(
            try setting.findings(.precertificate) {
                try $0.change($0.place("2.5.29.17"), value: { _ in bytes(names) })
            } == [.extensionValue("2.5.29.17")]
        )
    }

    @Test func usernameOfAnotherTypeIsCaught() throws {
        let setting = try Setting { key in
            try CertificateProfile(
                serial: .random(),
                notBeforeSeconds: TestAuthority.now,
                publicKey: key,
                san: .otherName("carol!x"),
                extensions: IdentityExtensions(issuer: "https://example.com")
            )
        }
        #expect(setting.findings(setting.certificate, .certificate) == [])
        let last = bytes("060a2b0601040183bf300107").count + 3
        #expect(
            try setting.findings(.certificate) {
                try $0.change(
                    $0.place("2.5.29.17"),
                    value: { names in
                        var names = names
                        names[last] ^= 1
                        return names
                    }
                )
            } == [.extensionValue("2.5.29.17")]
        )
    }

    // MARK: The whole

    @Test func differenceToThePrecertificateIsCaught() throws {
        let setting = try Setting()
        let other = try Setting().withoutPoison
        for kind in Kind.allCases {
            #expect(setting.findings(setting.tbs(kind), kind, withoutPoison: other) == [.differsFromPrecertificate])
        }
    }

    @Test(arguments: Kind.allCases)
    func whatIsNotDERIsCaught(_ kind: Kind) throws {
        let setting = try Setting()
        let tbs = setting.tbs(kind)
        #expect(setting.findings(tbs + [0], kind) == [.unreadable])
        #expect(setting.findings(tbs.dropLast(), kind) == [.unreadable])
        #expect(setting.findings([], kind) == [.unreadable])
        // The length in one octet more than it needs.
        #expect(setting.findings([0x30, 0x83, 0] + tbs.dropFirst(2), kind) == [.unreadable])
    }

    /// The faults above are those that somebody thought of; here is each one that changes a single octet.
    @Test(arguments: Kind.allCases)
    func everyOctetMatters(_ kind: Kind) throws {
        let setting = try Setting()
        let tbs = setting.tbs(kind)
        for place in tbs.indices {
            for bit in [0x01, 0x20, 0x80] as [UInt8] {
                var changed = tbs
                changed[place] ^= bit
                #expect(setting.findings(changed, kind) != [], "octet \(place), bit \(bit)")
            }
        }
    }

    @Test func schemeOfAnotherKeyIsCaught() throws {
        let setting = try Setting()
        for scheme in [.ecdsa(.sha384), .ed25519, .rsaPKCS1(.sha256), .rsaPSS(.sha256)] as [SignatureScheme] {
            #expect(throws: CertificatesError.lint([.signatureAlgorithm])) {
                try CertificateLint.check(
                    setting.precertificate,
                    as: .precertificate(withoutPoison: setting.withoutPoison),
                    against: setting.profile,
                    issuer: setting.authority.certificate,
                    scheme: scheme
                )
            }
        }
    }
}
