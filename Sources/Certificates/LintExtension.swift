import SwiftASN1
import X509

/// One extension as the lint wants to find it.
struct LintExtension {
    let oid: ASN1ObjectIdentifier
    let isCritical: Bool
    let content: Content

    enum Content {
        /// Exactly these octets.
        case octets([UInt8])
        /// The UTF-8 of this text and nothing else.
        case rawText(String)
        /// A DER UTF8String with this text.
        case utf8String(String)
        /// GeneralNames with exactly this name.
        case name(SubjectAlternativeName)
        /// An OCTET STRING around these octets.
        case octetString([UInt8])
    }

    /// All extensions of a leaf in their order.
    static func all(
        form: CertificateLint.Form,
        profile: CertificateProfile,
        issuer: Certificate
    ) -> [LintExtension] {
        // KeyUsage digitalSignature (RFC 5280 §4.2.1.3), ExtKeyUsageSyntax codeSigning (§4.2.1.12).
        var wanted = [
            LintExtension(oid: keyUsage, isCritical: true, content: .octets([0x03, 0x02, 0x07, 0x80])),
            LintExtension(
                oid: extendedKeyUsage,
                isCritical: false,
                content: .octets([0x30, 0x0A, 0x06, 0x08, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x03])
            ),
            LintExtension(
                oid: subjectKeyIdentifier,
                isCritical: false,
                content: .octetString(profile.publicKey.keyIdentifier)
            ),
        ]
        wanted.reserveCapacity(32)
        if let identifier = issuer.subjectKeyIdentifier, let count = UInt8(exactly: identifier.count), count < 0x7E {
            // AuthorityKeyIdentifier with keyIdentifier [0] only (RFC 5280 §4.2.1.1).
            wanted.append(
                LintExtension(
                    oid: authorityKeyIdentifier,
                    isCritical: false,
                    content: .octets([0x30, count + 2, 0x80, count] + identifier)
                )
            )
        }
        wanted.append(LintExtension(oid: subjectAlternativeName, isCritical: true, content: .name(profile.san)))
        for (arc, oid) in identityExtensions {
            guard let id = CertificateExtensionID(lastArc: arc), let text = profile.extensions[id] else { continue }
            wanted.append(
                LintExtension(oid: oid, isCritical: false, content: arc <= 6 ? .rawText(text) : .utf8String(text))
            )
        }
        switch form {
        case .precertificate:
            // NULL (RFC 6962 §3.1).
            wanted.append(LintExtension(oid: poison, isCritical: true, content: .octets([0x05, 0x00])))
        case .certificate(let sctList, _):
            wanted.append(LintExtension(oid: timestamps, isCritical: false, content: .octetString(sctList)))
        }
        return wanted
    }

    /// Whether the octets of an `extnValue` are the wanted ones. Throws if they cannot be read.
    func matches(_ value: ArraySlice<UInt8>) throws -> Bool {
        switch content {
        case .octets(let octets):
            return value.elementsEqual(octets)
        case .rawText(let text):
            return value.elementsEqual(text.utf8)
        case .utf8String(let text):
            return try ASN1UTF8String(derEncoded: DER.parse(value)).bytes.elementsEqual(text.utf8)
        case .octetString(let octets):
            return try ASN1OctetString(derEncoded: DER.parse(value)).bytes.elementsEqual(octets)
        case .name(let name):
            return try Self.names(value, areOnly: name)
        }
    }

    private static func names(_ value: ArraySlice<UInt8>, areOnly wanted: SubjectAlternativeName) throws -> Bool {
        let names = try DER.sequence(of: GeneralName.self, identifier: .sequence, rootNode: DER.parse(value))
        guard names.count == 1, let name = names.first else { return false }
        switch (name, wanted) {
        case (.rfc822Name(let text), .email(let wanted)), (.uniformResourceIdentifier(let text), .uri(let wanted)):
            // The String comparison below would take two spellings of one Unicode text for equal; octets do not.
            return text.utf8.elementsEqual(wanted.utf8) && text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        case (.otherName(let other), .otherName(let wanted)):
            guard other.typeID == username, let value = other.value else { return false }
            return try ASN1UTF8String(asn1Any: value).bytes.elementsEqual(wanted.utf8)
        default:
            return false
        }
    }

    private static let keyUsage: ASN1ObjectIdentifier = [2, 5, 29, 15]
    private static let extendedKeyUsage: ASN1ObjectIdentifier = [2, 5, 29, 37]
    private static let subjectKeyIdentifier: ASN1ObjectIdentifier = [2, 5, 29, 14]
    private static let authorityKeyIdentifier: ASN1ObjectIdentifier = [2, 5, 29, 35]
    private static let subjectAlternativeName: ASN1ObjectIdentifier = [2, 5, 29, 17]
    private static let poison: ASN1ObjectIdentifier = [1, 3, 6, 1, 4, 1, 11129, 2, 4, 3]
    private static let timestamps: ASN1ObjectIdentifier = [1, 3, 6, 1, 4, 1, 11129, 2, 4, 2]
    private static let username: ASN1ObjectIdentifier = [1, 3, 6, 1, 4, 1, 57264, 1, 7]
    private static let identityExtensions: [(arc: UInt8, oid: ASN1ObjectIdentifier)] =
        (UInt8(1)...24).map { ($0, [1, 3, 6, 1, 4, 1, 57264, 1, UInt($0)]) }
}
