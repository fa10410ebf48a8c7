/// Why an entry that was proposed through Rekor v1 isn't taken.
public enum ProposalProblem: Error, Equatable, Sendable {
    /// It isn't JSON, repeats a name, or is no object.
    case unparsable
    /// Its `kind` isn't one that is taken.
    case kindUnsupported
    /// Its `apiVersion` isn't the one of its kind that is taken.
    case versionUnsupported
    /// A member is missing or isn't what it must be: a text, base64, a list; its path.
    case memberInvalid(String)
    /// `spec.data.hash` isn't the hexadecimal digits of its algorithm.
    case hashInvalid
    /// The key isn't one PEM block with a certificate or a public key.
    case keyUnparsable
    /// It is several PEM blocks.
    case keyIsChain
    /// The key must not be relied on, or is of a kind that isn't taken.
    case keyRefused
    /// A key of this kind doesn't sign over this hash.
    case algorithmsNotAllowed
    /// The signature isn't the key's over the hash.
    case signatureInvalid
    /// The envelope isn't one of DSSE.
    case envelopeUnparsable
    /// The envelope has no signature, or more than ``DSSEEnvelope/signaturesMax``.
    case envelopeSignatureCount
    /// A verifier has signed nothing in the envelope.
    case verifierUnused
    /// A verifier is there twice.
    case verifierRepeated
    /// To verify it takes more than ``VerificationEffort/verificationsMax`` verifications.
    case tooManyVerifications
    /// A signature of the envelope is by none of the verifiers.
    case signatureUnverified
    /// What the log computes itself is in the proposal.
    case computedMember
    /// The entry would be larger than a log's entry may be.
    case tooLarge
}

extension ProposalProblem: CustomStringConvertible {
    /// A clause for the client; Rekor's, where it has one.
    public var description: String {
        switch self {
        case .unparsable: "the proposed entry is not a JSON object"
        case .kindUnsupported: "this log takes entries of the kinds hashedrekord and dsse"
        case .versionUnsupported: "this log takes entries of version 0.0.1"
        case .memberInvalid(let path): "\(path) is missing or invalid"
        case .hashInvalid: "invalid value for hash"
        case .keyUnparsable: "invalid public key: neither a certificate nor a public key in PEM"
        case .keyIsChain: "invalid public key: more than one PEM block"
        case .keyRefused: "invalid public key: weak, or of a kind that is not supported"
        case .algorithmsNotAllowed: "entry algorithms are not allowed"
        case .signatureInvalid: "verifying signature: invalid signature"
        case .envelopeUnparsable: "the envelope is not a DSSE envelope"
        case .envelopeSignatureCount:
            "DSSE envelope must contain 1 to \(DSSEEnvelope.signaturesMax) signatures"
        case .verifierUnused: "could not verify envelope: a verifier has signed nothing in it"
        case .verifierRepeated: "could not verify envelope: a verifier is there twice"
        case .tooManyVerifications:
            "could not verify envelope: it takes more than \(VerificationEffort.verificationsMax) verifications; "
                + "send the verifiers in the order of their signatures"
        case .signatureUnverified: "all signatures must have a key that verifies it"
        case .computedMember:
            "either proposedContent or envelopeHash, payloadHash, and signatures must be present but not both"
        case .tooLarge: "the entry is too large for this log"
        }
    }
}
