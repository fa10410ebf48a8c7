public import Certificates
public import Keys

/// Why no certificate was made. The first six are the caller's to mend, the rest are ours.
public enum IssuanceError: Error, Equatable, Sendable {
    /// The request carries no public key, or one that can't be read (POP-10).
    case publicKeyUnparsable
    /// The public key can be read, and must not be used (POP-11, POP-12).
    case publicKeyWeak(KeyWeakness)
    /// The certificate signing request can't be read (POP-4).
    case signingRequestUnparsable
    /// The proof, or the signing request's signature, isn't by the key (POP-18).
    case proofInvalid
    /// The signing request is signed in a way no client may use (POP-15); the name is Go's, as Fulcio prints it.
    case signatureAlgorithmUnrecognized(name: String)
    /// Key and digest are known, the pair isn't allowed here (POP-16).
    case signatureAlgorithmNotPermitted(KeyAlgorithm, DigestAlgorithm?)
    /// The token names an identity that a certificate can't hold, such as an email that isn't ASCII (CERT-9).
    case identityNotEncodable
    /// The certificate as it would have been signed isn't what it should be; nothing was signed.
    case lintFailed([LintFinding])
    /// OpenSSL couldn't build or sign.
    case signerFailed(CertificatesError)
    /// One of the CA's certificates isn't valid for the whole life of a certificate issued now (CHAIN-6 [Q], done better).
    case authorityExpired
}

extension IssuanceError: CustomStringConvertible {
    /// Safe to show: no token, no key, no claim.
    public var description: String {
        switch self {
        case .publicKeyUnparsable: "couldn't read the public key"
        case .publicKeyWeak(let weakness): "couldn't accept the public key: \(weakness)"
        case .signingRequestUnparsable: "couldn't read the certificate signing request"
        case .proofInvalid: "couldn't verify the proof of possession"
        case .signatureAlgorithmUnrecognized(let name): "couldn't accept the signature algorithm \(name)"
        case .signatureAlgorithmNotPermitted(let key, let digest):
            "couldn't permit the signing algorithm \(key), \(digest.map { "\($0)" } ?? "no digest")"
        case .identityNotEncodable: "couldn't encode the identity in a certificate"
        case .lintFailed(let findings): "couldn't issue: the lint found \(findings)"
        case .signerFailed(let error): "couldn't sign: \(error)"
        case .authorityExpired: "couldn't issue: the issuing certificate ends too soon"
        }
    }
}
