import Keys

/// The signature algorithms a token may have (RFC 7518 §3.1, RFC 8037 §3.1). `none` and the HMACs aren't among them:
/// what can't be named here can't be accepted by mistake.
enum TokenAlgorithm: String, Sendable, CaseIterable {
    case rs256 = "RS256"
    case rs384 = "RS384"
    case rs512 = "RS512"
    case es256 = "ES256"
    case es384 = "ES384"
    case es512 = "ES512"
    case ps256 = "PS256"
    case ps384 = "PS384"
    case ps512 = "PS512"
    case edDSA = "EdDSA"

    /// How signatures are made.
    var scheme: SignatureScheme {
        switch self {
        case .rs256: .rsaPKCS1(.sha256)
        case .rs384: .rsaPKCS1(.sha384)
        case .rs512: .rsaPKCS1(.sha512)
        case .es256: .ecdsa(.sha256)
        case .es384: .ecdsa(.sha384)
        case .es512: .ecdsa(.sha512)
        case .ps256: .rsaPSS(.sha256)
        case .ps384: .rsaPSS(.sha384)
        case .ps512: .rsaPSS(.sha512)
        case .edDSA: .ed25519
        }
    }

    /// Whether a key of this kind signs so; a curve has one algorithm (RFC 7518 §3.4).
    func suits(_ key: KeyAlgorithm) -> Bool {
        switch (self, key) {
        case (.rs256, .rsa), (.rs384, .rsa), (.rs512, .rsa), (.ps256, .rsa), (.ps384, .rsa), (.ps512, .rsa): true
        case (.es256, .p256), (.es384, .p384), (.es512, .p521), (.edDSA, .ed25519): true
        default: false
        }
    }
}
