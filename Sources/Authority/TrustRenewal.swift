/// What `mayfly trust renew` was asked for.
public struct TrustRenewal: Sendable {
    /// The offline key's file; nil for the configuration's.
    public let rootKey: String?
    /// The file for a new offline key; nil to keep the key.
    public let newRootKey: String?
    /// Whether a new online key is to be made.
    public let makesOnlineKey: Bool
    /// Whether a new root is to be signed even if it isn't due.
    public let renewsRoot: Bool

    /// States what is wanted.
    public init(
        rootKey: String? = nil,
        newRootKey: String? = nil,
        makesOnlineKey: Bool = false,
        renewsRoot: Bool = false
    ) {
        self.rootKey = rootKey
        self.newRootKey = newRootKey
        self.makesOnlineKey = makesOnlineKey
        self.renewsRoot = renewsRoot
    }
}
