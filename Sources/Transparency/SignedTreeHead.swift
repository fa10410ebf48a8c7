public import Keys

/// A tree head with the log's signature (RFC 6962 §3.5). As a checkpoint it has the same signature
/// (static-ct-api, "Checkpoints").
public struct SignedTreeHead: Sendable, Hashable {
    /// What is signed.
    public let head: TreeHead
    /// The log's signature.
    public let signature: DigitallySigned

    /// Puts received parts together; `verify(key:)` says whether they are worth anything.
    public init(head: TreeHead, signature: DigitallySigned) {
        self.head = head
        self.signature = signature
    }

    /// Signs a head. Never sign two roots for one size. Throws `.unsupportedLogKey` and `.signingFailed`.
    public init(signing head: TreeHead, with key: SigningKey) throws(TransparencyError) {
        self.head = head
        signature = try DigitallySigned(signing: head.signedData, with: key)
    }

    /// Returns when the signature is `key`'s; throws `.unsupportedLogKey` or `.signatureInvalid(.treeHead)` otherwise.
    public func verify(key: PublicKey) throws(TransparencyError) {
        try signature.verify(head.signedData, key: key, as: .treeHead)
    }
}
