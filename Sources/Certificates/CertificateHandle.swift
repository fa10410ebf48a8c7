import COpenSSL
import Keys

/// Owns an OpenSSL `X509` that was read.
///
/// The pointer is valid as long as the owner lives: whoever holds the owner in a local constant and calls OpenSSL with the
/// pointer says `withExtendedLifetime`, since Swift may else let go of the owner after it was last named.
final class CertificateHandle {
    let pointer: OpaquePointer

    /// Parses DER; every byte must belong to the certificate. Throws ``CertificatesError/unparsable(_:)``.
    init(der: [UInt8]) throws(CertificatesError) {
        guard let pointer = OpenSSL.object(in: der, free: X509_free, { d2i_X509(nil, $0, $1) }) else {
            throw .unparsable(.certificate)
        }
        self.pointer = pointer
    }

    deinit { X509_free(pointer) }
}

extension CertificateHandle {
    /// The content octets of the serial number as they stand in the DER.
    func serialNumber() throws(CertificatesError) -> [UInt8] {
        let integer = try encoded("encode a serial number") { i2d_ASN1_INTEGER(X509_get0_serialNumber(pointer), $0) }
        let content = integer.withUnsafeBufferPointer { DERElement($0).map { Array($0.content) } }
        guard let content else { throw .unparsable(.certificate) }
        return content
    }

    /// A time as seconds since 1970; years before that are negative.
    static func seconds(_ time: UnsafePointer<ASN1_TIME>?) throws(CertificatesError) -> Int64 {
        guard let epoch = ASN1_TIME_set(nil, 0) else { throw CertificatesError.failure("make a time") }
        defer { ASN1_TIME_free(epoch) }
        var days: Int32 = 0
        var seconds: Int32 = 0
        // "If both *pday and *psec are nonzero they will always have the same sign. […] If from or to is NULL the current
        // time is used": ASN1_TIME_diff(3).
        guard let time, ASN1_TIME_diff(&days, &seconds, epoch, time) == 1 else {
            discardFailure()
            throw .unparsable(.certificate)
        }
        return Int64(days) * 86_400 + Int64(seconds)
    }

    /// The octets of any ASN1_STRING.
    static func octets(_ string: UnsafePointer<ASN1_STRING>) -> [UInt8] {
        Array(UnsafeBufferPointer(start: ASN1_STRING_get0_data(string), count: Int(ASN1_STRING_length(string))))
    }

    private static func discardFailure() { CertificatesError.discardFailure() }

    /// The place of the only extension with this number (`NID_*`), or `nil` if there is none.
    ///
    /// Throws ``CertificatesError/unparsable(_:)`` if there are more: RFC 5280 §4.2 forbids it, and readers that take
    /// another one than this reader would be told something else.
    func place(ofExtension nid: Int32) throws(CertificatesError) -> Int32? {
        // "If the extension is found, its index is returned, otherwise -1 is returned": X509_get_ext_by_NID(3).
        let place = X509_get_ext_by_NID(pointer, nid, -1)
        guard place >= 0 else { return nil }
        guard X509_get_ext_by_NID(pointer, nid, place) < 0 else { throw .unparsable(.certificate) }
        return place
    }

    /// Whether a key usage (`KU_*`) is allowed: the bit is set, or there is no such extension.
    func allows(keyUsage: Int32) -> Bool {
        // "If key usage is absent then UINT32_MAX is returned": X509_get_key_usage(3).
        X509_get_key_usage(pointer) & UInt32(bitPattern: keyUsage) != 0
    }
}

/// The DER of the TBSCertificate of an `X509` as it stands now.
func tbs(of certificate: OpaquePointer) throws(CertificatesError) -> [UInt8] {
    // "The 're' stands for 're-encode', and ensures that a fresh encoding is generated": i2d_re_X509_tbs(3).
    try encoded("encode a certificate") { i2d_re_X509_tbs(certificate, $0) }
}
