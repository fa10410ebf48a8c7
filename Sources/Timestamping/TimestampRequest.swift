public import Keys

/// What a client wants to have timestamped, read and checked: all but the policy, which depends on the authority.
///
/// ```
/// TimeStampReq ::= SEQUENCE {
///    version INTEGER { v1(1) }, messageImprint MessageImprint, reqPolicy TSAPolicyId OPTIONAL,
///    nonce INTEGER OPTIONAL, certReq BOOLEAN DEFAULT FALSE, extensions [0] IMPLICIT Extensions OPTIONAL }
/// MessageImprint ::= SEQUENCE { hashAlgorithm AlgorithmIdentifier, hashedMessage OCTET STRING }
/// ```
public struct TimestampRequest: Sendable, Equatable {
    /// The digest that was made of the message.
    public let digest: DigestAlgorithm
    /// The digest of the message, as long as it should be.
    public let imprint: [UInt8]
    /// Whether the digest's identifier came with the parameter NULL: the answer must have the same (RFC 3161 §2.4.2).
    public let hasNullParameter: Bool
    /// The policy that is asked for; nil for any.
    public let policy: TimestampPolicy?
    /// What the answer must repeat; nil for nothing.
    public let nonce: TimestampNonce?
    /// Whether the answer shall carry the authority's certificate.
    public let wantsCertificates: Bool

    /// Puts a request together. Throws ``TimestampFailure/badDataFormat`` unless the imprint is as long as the digest.
    public init(
        digest: DigestAlgorithm,
        imprint: [UInt8],
        hasNullParameter: Bool = true,
        policy: TimestampPolicy? = nil,
        nonce: TimestampNonce? = nil,
        wantsCertificates: Bool = false
    ) throws(TimestampingError) {
        guard imprint.count == digest.byteCount else { throw .refused(.badDataFormat) }
        self.digest = digest
        self.imprint = imprint
        self.hasNullParameter = hasNullParameter
        self.policy = policy
        self.nonce = nonce
        self.wantsCertificates = wantsCertificates
    }
}
