public import Keys

/// Why a certificate could not be made, read or trusted.
public enum CertificatesError: Error, Equatable, Sendable {
    /// The certificates do not form a chain that may issue, or sign timestamps.
    case chain(ChainProblem)
    /// The certificate that would have been signed is not what the profile says; nothing was signed.
    case lint([LintFinding])
    /// An email address or URI has a character outside printable ASCII, which `IA5String` cannot hold.
    case nameNotASCII
    /// The subject alternative name is empty.
    case nameEmpty
    /// An attribute of a CA's own name is not allowed there; the key is its short name, such as `CN`.
    case authorityNameInvalid(attribute: String)
    /// The serial number is zero or needs more than 20 octets.
    case serialNumberInvalid
    /// The moment, in seconds since 1970, is before the year 1970 or after the year 9999.
    case timeOutOfRange(seconds: Int64)
    /// The key's signature scheme is none that a CA signs with.
    case schemeUnsupported
    /// The bytes are not what is named here.
    case unparsable(Part)
    /// The certificate was not issued by the one that was tried: names, key identifiers or usages do not fit.
    case issuerMismatch
    /// The signature on the certificate is not by the key that was tried.
    case signatureInvalid
    /// The precertificate was made by another CA certificate than the one that should finish it.
    case precertificateOfAnotherIssuer
    /// A key could not be used.
    case key(KeysError)
    /// OpenSSL refused an operation that should not fail, such as for lack of memory.
    case openSSL(operation: String, reasons: [String])

    /// What could not be read.
    public enum Part: Sendable, Equatable {
        /// The PEM text as a whole: no block, or a block that is no certificate.
        case pem
        /// A certificate.
        case certificate
        /// A certificate that is BER but not DER, so that its signed bytes cannot be rebuilt.
        case notCanonical
        /// A certificate signing request (RFC 2986).
        case signingRequest
        /// One of the extensions, by its object identifier.
        case `extension`(String)
        /// The list of signed certificate timestamps (RFC 6962 §3.3).
        case sctList
    }
}

extension CertificatesError {
    /// Runs a body of the room below and turns its error into one of this room.
    static func keys<Result>(_ body: () throws(KeysError) -> Result) throws(CertificatesError) -> Result {
        do {
            return try body()
        } catch {
            throw .key(error)
        }
    }
}

extension CertificatesError: CustomStringConvertible {
    /// One line, safe to show: it names rules and places, never what the certificate says.
    public var description: String {
        switch self {
        case .chain(let problem): "chain: \(problem)"
        case .lint(let findings): "certificate not signed: \(findings.map(\.description).joined(separator: ", "))"
        case .nameNotASCII: "subject alternative name is not printable ASCII"
        case .nameEmpty: "subject alternative name is empty"
        case .authorityNameInvalid(let attribute): "\(attribute) is not allowed in the name of a CA"
        case .serialNumberInvalid: "serial number is zero or longer than 20 octets"
        case .timeOutOfRange: "time is outside the years 1970 to 9999"
        case .schemeUnsupported: "signature scheme cannot be used by a CA"
        case .unparsable(let part): "couldn't read \(part)"
        case .issuerMismatch: "certificate was issued by another CA"
        case .signatureInvalid: "signature of the certificate is wrong"
        case .precertificateOfAnotherIssuer: "precertificate was made by another CA certificate"
        case .key(let error): "key: \(error)"
        case .openSSL(let operation, let reasons): "couldn't \(operation): \(reasons.joined(separator: ", "))"
        }
    }
}

extension CertificatesError.Part: CustomStringConvertible {
    /// The name for people.
    public var description: String {
        switch self {
        case .pem: "PEM text"
        case .certificate: "certificate"
        case .notCanonical: "certificate, it is not DER"
        case .signingRequest: "certificate signing request"
        case .extension(let identifier): "extension \(identifier)"
        case .sctList: "list of signed certificate timestamps"
        }
    }
}
