public import Keys
public import Transparency
import Wire

/// A log that verifiers may rely on: a certificate log, or a record log in either version of its API.
///
/// ```
/// message TransparencyLogInstance {           // sigstore protobuf-specs, sigstore_trustroot.proto
///     string base_url = 1; HashAlgorithm hash_algorithm = 2; PublicKey public_key = 3; LogId log_id = 4; … }
/// ```
public struct TrustedLog: Sendable {
    /// Its name as a URL. The host must be the origin in the checkpoints of a record log's second API.
    public let url: ServiceURL
    /// Its key.
    public let key: PublicKey
    /// When its promises count.
    public let window: ValidityWindow

    /// States a log.
    public init(url: ServiceURL, key: PublicKey, window: ValidityWindow) {
        self.url = url
        self.key = key
        self.window = window
    }

    /// The SHA-256 of its key: for ECDSA the certificate log's id, and the record log's in both versions.
    public var logID: LogID { LogID(of: key) }

    func json() throws(TrustRootError) -> JSONText {
        .object([
            ("baseUrl", .string(url.text)),
            ("hashAlgorithm", .string("SHA2_256")),
            (
                "publicKey",
                .object([
                    ("rawBytes", .string(Base64.encode(key.subjectPublicKeyInfo))),
                    ("keyDetails", .string(try key.algorithm.keyDetails)),
                    ("validFor", window.json),
                ])
            ),
            ("logId", .object([("keyId", .string(Base64.encode(logID.bytes)))])),
        ])
    }
}

extension KeyAlgorithm {
    /// The name in `dev.sigstore.common.v1.PublicKeyDetails`. Throws ``TrustRootError/keyUnsupported(_:)``.
    fileprivate var keyDetails: String {
        get throws(TrustRootError) {
            switch self {
            case .p256: "PKIX_ECDSA_P256_SHA_256"
            case .p384: "PKIX_ECDSA_P384_SHA_384"
            case .p521: "PKIX_ECDSA_P521_SHA_512"
            case .rsa(bits: 2048): "PKIX_RSA_PKCS1V15_2048_SHA256"
            case .rsa(bits: 3072): "PKIX_RSA_PKCS1V15_3072_SHA256"
            case .rsa(bits: 4096): "PKIX_RSA_PKCS1V15_4096_SHA256"
            // Known to clients under another log id than the key's hash, and refused by half of them.
            case .ed25519, .rsa: throw .keyUnsupported(self)
            }
        }
    }
}
