public import Keys
import SwiftASN1
import X509

/// The second reader: compares what is about to be signed with what it should be.
///
/// It reads with swift-asn1 and swift-certificates and knows the profile (RFC 5280 §4, RFC 6962 §3.1 and §3.3) from its
/// own constants; it shares no code with the builder, which is OpenSSL. So one mistake must be made twice to be signed.
public enum CertificateLint {
    /// Which of the two certificates of an issuance is looked at.
    public enum Form: Sendable {
        /// The precertificate; without its poison it must be these bytes, the ones that timestamps cover.
        case precertificate(withoutPoison: [UInt8])
        /// The certificate with this list of timestamps; without it, it must be the precertificate without poison.
        case certificate(sctList: [UInt8], withoutPoison: [UInt8])
    }

    /// Looks at the DER of a TBSCertificate before a key signs it.
    ///
    /// - Parameters:
    ///   - tbs: the bytes that will be signed.
    ///   - form: precertificate or certificate.
    ///   - profile: what it must say.
    ///   - issuer: the CA that signs.
    ///   - scheme: how the CA's key signs.
    /// - Throws: ``CertificatesError/lint(_:)`` with all that was found, if anything was.
    public static func check(
        _ tbs: [UInt8],
        as form: Form,
        against profile: CertificateProfile,
        issuer: Certificate,
        scheme: SignatureScheme
    ) throws(CertificatesError) {
        guard let reading = try? LintReading(tbs) else { throw .lint([.unreadable]) }
        let findings =
            fields(of: reading, profile: profile, issuer: issuer, scheme: scheme)
            + extensions(of: reading, form: form, profile: profile, issuer: issuer)
            + remainder(of: reading, tbs, form: form)
        guard findings.isEmpty else { throw .lint(findings) }
    }

    // MARK: Fields

    private static func fields(
        of reading: LintReading,
        profile: CertificateProfile,
        issuer: Certificate,
        scheme: SignatureScheme
    ) -> [LintFinding] {
        var findings: [LintFinding] = []
        func expect(_ holds: Bool, _ finding: LintFinding) { if !holds { findings.append(finding) } }
        expect(reading.version == [2], .version)
        expect(isSerial(reading.serialNumber, profile.serial), .serialNumber)
        expect(reading.signatureAlgorithm.elementsEqual(algorithmIdentifier(of: scheme)), .signatureAlgorithm)
        expect(reading.issuer.elementsEqual(issuer.subject), .issuer)
        expect(reading.notBefore.seconds == profile.notBeforeSeconds, .notBefore)
        let lifetime = reading.notAfter.seconds.subtractingReportingOverflow(reading.notBefore.seconds)
        expect(lifetime.partialValue == 600 && !lifetime.overflow, .lifetime)
        expect(reading.notBefore.hasRightType && reading.notAfter.hasRightType, .timeType)
        expect(reading.subject.elementsEqual([0x30, 0x00]), .subject)
        expect(reading.publicKey.elementsEqual(profile.publicKey.subjectPublicKeyInfo), .publicKey)
        expect(!reading.hasUnexpectedField, .unexpectedField)
        return findings
    }

    /// 1…20 octets in the shortest form, positive, and the wanted number.
    private static func isSerial(_ octets: ArraySlice<UInt8>, _ wanted: SerialNumber) -> Bool {
        guard (1...20).contains(octets.count), let first = wanted.bytes.first, first > 0 else { return false }
        return octets.elementsEqual(first < 0x80 ? wanted.bytes : [0] + wanted.bytes)
    }

    /// The DER of the AlgorithmIdentifier; empty, which nothing equals, for a scheme that no CA uses.
    private static func algorithmIdentifier(of scheme: SignatureScheme) -> [UInt8] {
        // RFC 5758 §3.2: ecdsa-with-SHA2, parameters absent. RFC 4055 §5: sha*WithRSAEncryption, parameters NULL.
        // RFC 8410 §3: Ed25519, parameters absent.
        switch scheme {
        case .ecdsa(.sha256): [0x30, 0x0A, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02]
        case .ecdsa(.sha384): [0x30, 0x0A, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x03]
        case .ecdsa(.sha512): [0x30, 0x0A, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x04]
        case .rsaPKCS1(.sha256):
            [0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0B, 0x05, 0x00]
        case .rsaPKCS1(.sha384):
            [0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0C, 0x05, 0x00]
        case .rsaPKCS1(.sha512):
            [0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0D, 0x05, 0x00]
        case .ed25519: [0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70]
        case .rsaPSS: []
        }
    }

    // MARK: Extensions

    private static func extensions(
        of reading: LintReading,
        form: Form,
        profile: CertificateProfile,
        issuer: Certificate
    ) -> [LintFinding] {
        let wanted = LintExtension.all(form: form, profile: profile, issuer: issuer)
        var findings = presence(of: reading.extensions, wanted: wanted)
        if findings.isEmpty {
            for (found, wanted) in zip(reading.extensions, wanted) {
                if found.critical != wanted.isCritical { findings.append(.extensionCriticality("\(found.oid)")) }
                let matches = try? wanted.matches(found.value)
                if matches != true { findings.append(.extensionValue("\(found.oid)")) }
            }
        }
        // ID-2 of the reference: clients look for the issuer in one place or the other, so both must say the same.
        if profile.extensions[.issuer] == nil || profile.extensions[.issuer] != profile.extensions[.issuerV2] {
            findings.append(.issuerExtensions)
        }
        return findings
    }

    private static func presence(
        of found: [X509.Certificate.Extension],
        wanted: [LintExtension]
    ) -> [LintFinding] {
        guard found.count != wanted.count || zip(found, wanted).contains(where: { $0.oid != $1.oid }) else { return [] }
        var findings: [LintFinding] = []
        var seen: [ASN1ObjectIdentifier] = []
        for oid in found.map(\.oid) {
            if seen.contains(oid) {
                findings.append(.extensionRepeated("\(oid)"))
            } else if !wanted.contains(where: { $0.oid == oid }) {
                findings.append(.extensionUnexpected("\(oid)"))
            }
            seen.append(oid)
        }
        for oid in wanted.map(\.oid) where !seen.contains(oid) { findings.append(.extensionMissing("\(oid)")) }
        return findings.isEmpty ? [.extensionOrder] : findings
    }

    // MARK: Precertificate and certificate

    /// Without its last extension, whichever that is, it must be the wanted bytes. For what is a precertificate the
    /// comparison is enough; putting the fields together again says the same of everything else.
    private static func remainder(of reading: LintReading, _ tbs: [UInt8], form: Form) -> [LintFinding] {
        let withoutPoison: [UInt8]
        switch form {
        case .precertificate(let bytes):
            if LintSplice.isPrecertificate(tbs, madeOf: bytes) { return [] }
            withoutPoison = bytes
        case .certificate(_, let bytes):
            withoutPoison = bytes
        }
        return reading.withoutLastExtension() == withoutPoison ? [] : [.differsFromPrecertificate]
    }
}
