public import Identity
public import Issuance

/// What a client asks: a certificate for this token and this key. Nothing is checked yet.
public struct SigningRequest: Sendable {
    /// Who asks.
    public let token: IDToken
    /// For which key.
    public let key: KeyRequest

    /// Puts a decoded request together.
    public init(token: IDToken, key: KeyRequest) {
        self.token = token
        self.key = key
    }
}
