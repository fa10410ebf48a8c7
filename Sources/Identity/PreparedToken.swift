/// A token taken apart, with its issuer's settings and keys at hand: what is left is CPU work.
public struct PreparedToken: Sendable {
    let token: CompactToken
    let settings: IssuerSettings
    let type: IssuerType
    let keys: IssuerKeys
}
