import COpenSSL
public import Keys
import Wire

/// An X.509 certificate: its DER and what is read from it most often (RFC 5280 §4.1).
///
/// Two are equal if their DER is.
public struct Certificate: Sendable {
    /// The certificate as it was received or made.
    public let der: [UInt8]
    /// The content octets of the serial number: big-endian, two's complement. Other CAs may use negative or long ones.
    public let serialNumber: [UInt8]
    /// The DER of the issuer's Name.
    public let issuer: [UInt8]
    /// The DER of the subject's Name; `30 00` is the empty one.
    public let subject: [UInt8]
    /// The first second of validity, since 1970.
    public let notBeforeSeconds: Int64
    /// The last second of validity, since 1970.
    public let notAfterSeconds: Int64
    /// The DER of the subject's key. It may be a weak or unknown one, see ``publicKey``.
    public let subjectPublicKeyInfo: [UInt8]
    /// The subject key identifier, if there is that extension.
    public let subjectKeyIdentifier: [UInt8]?
    /// Whether basicConstraints say that it is a CA.
    public let isCA: Bool

    /// Reads DER. Throws ``CertificatesError/unparsable(_:)`` if it is no certificate or more than one.
    public init(der: [UInt8]) throws(CertificatesError) {
        let handle = try CertificateHandle(der: der)
        defer { withExtendedLifetime(handle) {} }
        let certificate = handle.pointer
        self.der = der
        serialNumber = try handle.serialNumber()
        issuer = try encoded("encode a name") { i2d_X509_NAME(X509_get_issuer_name(certificate), $0) }
        subject = try encoded("encode a name") { i2d_X509_NAME(X509_get_subject_name(certificate), $0) }
        notBeforeSeconds = try CertificateHandle.seconds(X509_get0_notBefore(certificate))
        notAfterSeconds = try CertificateHandle.seconds(X509_get0_notAfter(certificate))
        subjectPublicKeyInfo = try encoded("encode a key") {
            i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), $0)
        }
        // "X509_get0_subject_key_id() returns an internal pointer […] or NULL if the extension is not present or cannot be
        // parsed": X509_get0_subject_key_id(3).
        subjectKeyIdentifier = X509_get0_subject_key_id(certificate).map { CertificateHandle.octets($0) }
        isCA = X509_get_extension_flags(certificate) & UInt32(EXFLAG_CA) != 0
        CertificatesError.discardFailure()
    }

    /// Reads the first PEM block, which must be a `CERTIFICATE`. Throws ``CertificatesError/unparsable(_:)``.
    public init(pem: [UInt8]) throws(CertificatesError) {
        guard let block = try? PEMBlock.first(in: pem), block.label == Self.pemLabel else { throw .unparsable(.pem) }
        try self.init(der: block.bytes)
    }

    /// A leaf that was just made; nothing has to be read that is known.
    init(leaf der: [UInt8], profile: CertificateProfile, issuer: [UInt8]) {
        self.der = der
        // What has its top bit set would be a negative number without a zero in front.
        serialNumber = (profile.serial.bytes.first ?? 0) < 0x80 ? profile.serial.bytes : [0] + profile.serial.bytes
        self.issuer = issuer
        subject = [0x30, 0x00]
        notBeforeSeconds = profile.notBeforeSeconds
        notAfterSeconds = profile.notAfterSeconds
        subjectPublicKeyInfo = profile.publicKey.subjectPublicKeyInfo
        subjectKeyIdentifier = profile.publicKey.keyIdentifier
        isCA = false
    }

    static let pemLabel = "CERTIFICATE"

    /// The PEM text with a newline at its end (RFC 7468 §5).
    public var pem: String { PEMBlock(label: Self.pemLabel, bytes: der).text }

    /// SHA-256 of the DER.
    public var fingerprint: SHA256Digest { SHA256Digest(hashing: der) }

    /// The subject's key. Throws ``CertificatesError/key(_:)`` if it is weak or of a kind that is not used here.
    public var publicKey: PublicKey {
        get throws(CertificatesError) {
            try CertificatesError.keys { () throws(KeysError) in
                try PublicKey(subjectPublicKeyInfo: subjectPublicKeyInfo)
            }
        }
    }
}

extension Certificate: Hashable {
    /// Whether both are the same bytes.
    public static func == (left: Certificate, right: Certificate) -> Bool { left.der == right.der }

    /// Hashes the DER.
    public func hash(into hasher: inout Hasher) { hasher.combine(der) }
}
