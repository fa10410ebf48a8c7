public import Keys

/// A public key whose private half the identity's bearer has shown to hold. Only ``PossessionProof`` makes one.
public struct ProvenKey: Sendable {
    /// The key: allowed, strong and proven.
    public let publicKey: PublicKey

    /// For ``PossessionProof``.
    init(publicKey: PublicKey) {
        self.publicKey = publicKey
    }
}
