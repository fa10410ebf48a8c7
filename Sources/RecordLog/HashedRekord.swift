import Certificates
import Keys
import Wire

/// A signature over an artifact's digest, verified, and who made it: an entry of kind hashedrekord, version 0.0.2
/// (Rekor v2). An attestation is one too: the digest is that of its pre-authentication encoding.
public struct HashedRekord: Sendable, Equatable {
    /// Who is to verify the signature, as it came: DER.
    enum Verifier: Sendable, Equatable {
        case publicKey([UInt8])
        case certificate([UInt8])
    }

    let digest: [UInt8]
    let signature: [UInt8]
    let verifier: Verifier
    let keyDetails: KeyDetails
    /// The verifier, read once, for OpenSSL takes long to read one; nil for a key.
    var certificate: Certificate?

    /// The entry as the log keeps it, byte for byte as clients make it themselves. Throws `.tooLarge`.
    public func body() throws(RecordProblem) -> RecordBody {
        let rawBytes: (String, [UInt8]) =
            switch verifier {
            case .publicKey(let info): ("publicKey", info)
            case .certificate(let der): ("x509Certificate", der)
            }
        let verifier = JSONText.object([
            ("keyDetails", .string(keyDetails.rawValue)),
            (rawBytes.0, .object([("rawBytes", .string(Base64.encode(rawBytes.1)))])),
        ])
        let entry = JSONText.object([
            ("data", .object([("algorithm", .string(algorithm)), ("digest", .string(Base64.encode(digest)))])),
            ("signature", .object([("content", .string(Base64.encode(signature))), ("verifier", verifier)])),
        ])
        return try RecordBody(
            .object([
                ("apiVersion", .string("0.0.2")), ("kind", .string("hashedrekord")),
                ("spec", .object([("hashedRekordV002", entry)])),
            ])
        )
    }

    private var algorithm: String {
        switch keyDetails.digest {
        case .sha256: "SHA2_256"
        case .sha384: "SHA2_384"
        case .sha512: "SHA2_512"
        }
    }
}
