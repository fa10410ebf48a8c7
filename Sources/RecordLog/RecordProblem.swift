public import Wire

/// What is wrong with a request for an entry.
public enum RecordProblem: Error, Equatable, Sendable {
    /// The body isn't one message of the kind that the specification knows.
    case malformed(ProtoFault)
    /// The entry isn't a hashedrekord, the only kind of Rekor v2.
    case kindUnsupported
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
        case .malformed(let fault): Self.clause(fault)
        // Rekor's own words, which clients may look for.
        case .kindUnsupported: "invalid type, must be hashedrekord"
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

    /// Without the name of an unknown field: it is the sender's, and this goes into log lines.
    private static func clause(_ fault: ProtoFault) -> String {
        switch fault.rule {
        case .unknownField: fault.path.isEmpty ? "unknown field" : "unknown field in \(fault.path)"
        case .json, .notAnObject: fault.path.isEmpty ? "the body must be one JSON object" : "\(fault)"
        case .notAnArray, .notAText, .notBase64, .notANumber, .notOfTheEnum, .notAMoment, .twoSpellings, .tooMany,
            .missing:
            "\(fault)"
        }
    }
}
