public import Keys

/// What was signed, with its signature.
public enum SignedContent: Sendable, Equatable {
    /// The signature of an artifact's digest.
    case message(MessageSignature)
    /// A signed envelope with a payload of its own.
    case envelope(SignedEnvelope)

    /// The signature's bytes; what timestamps are of.
    public var signature: [UInt8] {
        switch self {
        case .message(let message): message.signature
        case .envelope(let envelope): envelope.signature
        }
    }

    /// The digest, of this kind, that the signature is over; nil when only the artifact itself would give it.
    func digest(_ algorithm: DigestAlgorithm) -> [UInt8]? {
        switch self {
        case .message(let message): message.algorithm == algorithm ? message.digest : nil
        case .envelope(let envelope): algorithm.digest(envelope.signedBytes)
        }
    }
}

/// The signature of an artifact (`MessageSignature` of `sigstore_common.proto`).
public struct MessageSignature: Sendable, Equatable {
    /// The kind of digest.
    public let algorithm: DigestAlgorithm
    /// The artifact's digest, as the signer says; a hint until it is compared.
    public let digest: [UInt8]
    /// The signature.
    public let signature: [UInt8]

    /// Puts the parts together.
    public init(algorithm: DigestAlgorithm, digest: [UInt8], signature: [UInt8]) {
        self.algorithm = algorithm
        self.digest = digest
        self.signature = signature
    }
}
