public import Certificates
public import Transparency

/// A certificate that may leave: linted, signed, and with the promise of a log in it. Only ``Issuer`` makes one.
public struct IssuedCertificate: Sendable {
    /// The certificate.
    public let certificate: Certificate
    /// Its serial number.
    public let serial: SerialNumber
    /// The promise that stands in it.
    public let timestamp: SignedCertificateTimestamp

    /// For ``Issuer``.
    init(certificate: Certificate, serial: SerialNumber, timestamp: SignedCertificateTimestamp) {
        self.certificate = certificate
        self.serial = serial
        self.timestamp = timestamp
    }
}
