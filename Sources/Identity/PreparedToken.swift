/// A token taken apart, with what is configured for its issuer and its keys at hand: what is left is CPU work.
public struct PreparedToken: Sendable {
    let token: CompactToken
    let issuer: ConfiguredIssuer
    let keys: IssuerKeys
    /// How often newer keys may still help.
    let renewalsLeft: Int
}
