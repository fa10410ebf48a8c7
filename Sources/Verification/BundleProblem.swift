public import Wire

/// Why bytes aren't a bundle that can be verified.
public enum BundleProblem: Error, Equatable, Sendable {
    /// It isn't the message; the fault says where.
    case malformed(ProtoFault)
    /// Its media type is none that is known: not a bundle, or of a later version.
    case unsupportedVersion(String)
    /// Neither a certificate, nor a chain, nor a key; or more than one of them.
    case signerMissing
    /// Neither a message's signature nor an envelope; or both.
    case contentMissing
    /// A certificate can't be read.
    case certificateUnreadable
    /// A chain in a bundle of version 0.3, which has one certificate only.
    case chainNotAllowed
    /// A root among the certificates: nobody may trust what comes with the signature.
    case rootIncluded
    /// The envelope has no signature, or more than one.
    case signatureCount(Int)
    /// The signature is empty.
    case signatureMissing
    /// The envelope's key ID isn't the key's hint.
    case keyIDMismatch
    /// A digest of a kind or length that isn't known.
    case digestUnusable
    /// An entry of a kind that isn't known.
    case entryKindUnknown(String)
    /// A part of an entry is missing or out of range.
    case entryMalformed(String)
    /// The same entry twice.
    case entryRepeated
    /// An entry without the promise that version 0.1 wants.
    case promiseMissing
    /// An entry without the proof, or without the proof's checkpoint, that this kind or version wants.
    case proofMissing
    /// A Rekor v2 entry with a promise or a time, which such a log doesn't give.
    case promiseNotAllowed
}

extension BundleProblem: CustomStringConvertible {
    /// One line. It may hold what was received: for a terminal it must be escaped.
    public var description: String {
        switch self {
        case .malformed(let fault): "\(fault)"
        case .unsupportedVersion(let type): "the media type \"\(type)\" isn't that of a bundle 0.1, 0.2 or 0.3"
        case .signerMissing: "it must hold one of certificate, x509CertificateChain and publicKey"
        case .contentMissing: "it must hold one of messageSignature and dsseEnvelope"
        case .certificateUnreadable: "a certificate can't be read"
        case .chainNotAllowed: "a bundle 0.3 holds one certificate, not a chain"
        case .rootIncluded: "it brings a root certificate with it"
        case .signatureCount(let count): "the envelope has \(count) signatures, and must have one"
        case .signatureMissing: "the signature is empty"
        case .keyIDMismatch: "the envelope's key ID is not the hint of the key"
        case .digestUnusable: "the message's digest is of an unknown kind, or too short or long for its kind"
        case .entryKindUnknown(let kind): "a log entry is of the unknown kind \"\(kind)\""
        case .entryMalformed(let part): "a log entry's \(part) is missing or out of range"
        case .entryRepeated: "a log entry stands there twice"
        case .promiseMissing: "a log entry has no promise, which a bundle 0.1 must have"
        case .proofMissing: "a log entry has no proof of inclusion with a checkpoint"
        case .promiseNotAllowed: "a Rekor v2 entry has a promise or a time"
        }
    }
}
