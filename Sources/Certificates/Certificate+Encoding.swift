import COpenSSL
import Wire

extension Certificate {
    /// Whether what stands around the TBSCertificate is DER. No signature covers it, and OpenSSL reads BER too: one
    /// certificate has any number of encodings, of which this is the one.
    ///
    /// Throws ``CertificatesError/openSSL(operation:reasons:)`` for lack of memory only.
    public var isDER: Bool {
        get throws(CertificatesError) { try isDER(CertificateHandle(der: der)) }
    }

    /// The same of a certificate that is read already.
    func isDER(_ handle: CertificateHandle) throws(CertificatesError) -> Bool {
        defer { withExtendedLifetime(handle) {} }
        // The TBSCertificate is kept as it was received; all else is encoded anew.
        return try encoded("encode a certificate") { i2d_X509(handle.pointer, $0) } == der
    }

    /// Whether it has the poison extension as RFC 6962 §3.1 writes it: critical, and an ASN.1 NULL.
    public var hasValidPoison: Bool {
        get throws(CertificatesError) {
            let poisons = try extensions().filter { $0.identifier == "1.3.6.1.4.1.11129.2.4.3" }
            return poisons.count == 1 && poisons.allSatisfy { $0.isCritical && $0.value == [0x05, 0x00] }
        }
    }

    /// The serial number as ``SerialNumber/hex`` writes it.
    public var serialHex: String {
        // A zero in front only keeps the number positive.
        let isPadded = serialNumber.count > 1 && serialNumber.first == 0
        return Hexadecimal.encode(isPadded ? Array(serialNumber.dropFirst()) : serialNumber)
    }
}
