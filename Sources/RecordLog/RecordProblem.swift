/// What is wrong with a request for an entry. Payloads are names of fields in the specification, never input.
public enum RecordProblem: Error, Equatable, Sendable {
    /// The body isn't one JSON object.
    case notAnObject
    /// The message at this path, empty for the outermost, has a field that the specification doesn't know.
    case unknownField(in: String)
    /// The field at this path is there twice, under its two names, or isn't of its kind.
    case malformed(String)
    /// The entry isn't a hashedrekord, the only kind of Rekor v2.
    case kindUnsupported
    /// The field at this path is missing or empty.
    case missing(String)
    /// The verifier has no key and no certificate, or both.
    case verifierAmbiguous
    /// The key details are none that this log takes.
    case keyDetailsUnsupported
    /// The digest isn't as long as the one that the key details name.
    case digestLength
    /// The certificate can't be read.
    case certificateUnparsable
    /// The key can't be read, or isn't in its one DER form.
    case keyUnparsable
    /// The key is too weak.
    case keyWeak
    /// The key isn't of the kind that the key details name.
    case keyMismatch
    /// The signature isn't by the key over the digest.
    case signatureInvalid
    /// The entry would have more bytes than a leaf may have.
    case tooLarge
}

extension RecordProblem: CustomStringConvertible {
    /// A clause, safe to show to whoever sent the request.
    public var description: String {
        switch self {
        case .notAnObject: "the body must be one JSON object"
        case .unknownField(let path): path.isEmpty ? "unknown field" : "unknown field in \(path)"
        case .malformed(let path): "invalid value for \(path)"
        // Rekor's own words, which clients may look for.
        case .kindUnsupported: "invalid type, must be hashedrekord"
        case .missing(let path): "missing \(path)"
        case .verifierAmbiguous: "must contain exactly one of publicKey or x509Certificate"
        case .keyDetailsUnsupported: "unsupported keyDetails"
        case .digestLength: "the digest's length doesn't match keyDetails"
        case .certificateUnparsable: "the certificate can't be parsed"
        case .keyUnparsable: "the public key can't be parsed"
        case .keyWeak: "the public key is too weak"
        case .keyMismatch: "the public key doesn't match keyDetails"
        case .signatureInvalid: "the signature can't be verified"
        case .tooLarge: "the entry is too large"
        }
    }
}
