import Wire

/// CA certificates in their order: the one that issues first, the root last.
///
/// A chain that was read is not one that may issue: see ``validate(at:signer:)``.
public struct CertificateChain: Sendable, Equatable {
    /// At least one certificate, the issuing one first.
    public let certificates: [Certificate]

    /// The certificate that issues.
    public let issuing: Certificate

    /// Takes certificates in this order. Throws ``ChainProblem/empty``.
    public init(_ certificates: [Certificate]) throws(CertificatesError) {
        guard let first = certificates.first else { throw .chain(.empty) }
        self.certificates = certificates
        issuing = first
    }

    /// Reads PEM text; every block must be a `CERTIFICATE`.
    ///
    /// Throws ``ChainProblem/empty`` if there is no block, or ``CertificatesError/unparsable(_:)``.
    public init(pem: [UInt8]) throws(CertificatesError) {
        guard let blocks = try? PEMBlock.all(in: pem) else { throw .chain(.empty) }
        var certificates: [Certificate] = []
        for block in blocks {
            guard block.label == Certificate.pemLabel else { throw .unparsable(.pem) }
            certificates.append(try Certificate(der: block.bytes))
        }
        try self.init(certificates)
    }

    /// The PEM texts one after the other, in order, each with a newline at its end.
    public var pem: String { certificates.map(\.pem).joined() }
}
