public import Certificates

/// A linted precertificate that waits for its timestamp. It can be finished once, which is why it can't be copied;
/// only ``Issuer/prepare(_:_:at:)`` makes one.
public struct PreparedCertificate: ~Copyable, Sendable {
    /// The signed precertificate, for a certificate log.
    public let precertificate: Precertificate

    /// For ``Issuer``.
    init(precertificate: consuming Precertificate) {
        self.precertificate = precertificate
    }
}
