import Keys

extension DigestAlgorithm {
    /// The kind of digest with this name in `HashAlgorithm` of `sigstore_common.proto`.
    init?(sigstoreName name: String) {
        guard let found = Self.allCases.first(where: { $0.sigstoreName == name }) else { return nil }
        self = found
    }

    /// The name in `HashAlgorithm` of `sigstore_common.proto`.
    var sigstoreName: String {
        switch self {
        case .sha256: "SHA2_256"
        case .sha384: "SHA2_384"
        case .sha512: "SHA2_512"
        }
    }

    /// The name in the entries of Rekor v1 and in in-toto's digest sets.
    var plainName: String {
        switch self {
        case .sha256: "sha256"
        case .sha384: "sha384"
        case .sha512: "sha512"
        }
    }
}
