public import Keys
import Wire

/// A log's signature with the name of its algorithm.
///
/// ```
/// struct {                                      RFC 5246 §4.7
///     SignatureAndHashAlgorithm algorithm;      hash, then signature: one byte each
///     opaque signature<0..2^16-1>;
/// } DigitallySigned;
/// ```
public struct DigitallySigned: Sendable, Hashable {
    /// What RFC 6962 §2.1.4 allows a log to sign with.
    public enum Algorithm: Sendable, Hashable {
        /// ECDSA over P-256 with SHA-256: bytes 4, 3.
        case ecdsaSHA256
        /// RSASSA-PKCS1-v1_5 with SHA-256: bytes 4, 1.
        case rsaSHA256
    }

    /// How the signature was made.
    public let algorithm: Algorithm
    /// The signature: an ASN.1 ECDSA-Sig-Value, or the RSA octets; at most 65,535 bytes.
    public let signature: [UInt8]

    /// Signs `message`. Throws `.unsupportedLogKey` for a key that is neither P-256 nor RSA, and `.signingFailed`.
    /// CPU work of some 30 µs for P-256: for a crypto worker, not for an event loop.
    public init(signing message: [UInt8], with key: SigningKey) throws(TransparencyError) {
        let algorithm = try Algorithm(of: key.publicKey.algorithm)
        // A key signs with one scheme only, so an RSA key that was set up for another hash must not get here.
        guard key.scheme == algorithm.scheme else { throw .unsupportedLogKey(key.publicKey.algorithm) }
        do throws(KeysError) {
            signature = try key.sign(message)
        } catch {
            throw .signingFailed(error)
        }
        self.algorithm = algorithm
        guard signature.count <= UInt16.max else { throw .tooLarge(.digitallySigned) }
    }

    /// Reads exactly one value. Throws `.malformed(.digitallySigned)`, also for other algorithms.
    public init(encoded: [UInt8]) throws(TransparencyError) {
        guard encoded.count >= 4, encoded[0] == 4, encoded.count - 4 == Int(encoded[2]) << 8 | Int(encoded[3]) else {
            throw .malformed(.digitallySigned)
        }
        switch encoded[1] {
        case 3: algorithm = .ecdsaSHA256
        case 1: algorithm = .rsaSHA256
        default: throw .malformed(.digitallySigned)
        }
        signature = Array(encoded[4...])
    }

    /// The struct's bytes.
    public var encoded: [UInt8] {
        let kind: UInt8 =
            switch algorithm {
            case .ecdsaSHA256: 3
            case .rsaSHA256: 1
            }
        return [4, kind, UInt8(truncatingIfNeeded: signature.count >> 8), UInt8(truncatingIfNeeded: signature.count)]
            + signature
    }

    /// Returns when the signature is `key`'s over `message`; throws `.unsupportedLogKey` for a key of a kind that no
    /// log may have, `.signatureInvalid(structure)` otherwise.
    public func verify(
        _ message: [UInt8],
        key: PublicKey,
        as structure: TransparencyError.Structure
    ) throws(TransparencyError) {
        guard try Algorithm(of: key.algorithm) == algorithm else { throw .signatureInvalid(structure) }
        do throws(KeysError) {
            try key.verify(signature, over: message, with: algorithm.scheme)
        } catch {
            throw .signatureInvalid(structure)
        }
    }
}

extension DigitallySigned.Algorithm {
    /// How a log with a key of this kind signs; throws `.unsupportedLogKey` for a kind that RFC 6962 §2.1.4 doesn't
    /// allow (and that no client accepts).
    public init(of key: KeyAlgorithm) throws(TransparencyError) {
        switch key {
        case .p256: self = .ecdsaSHA256
        case .rsa: self = .rsaSHA256
        case .p384, .p521, .ed25519: throw .unsupportedLogKey(key)
        }
    }

    var scheme: SignatureScheme {
        switch self {
        case .ecdsaSHA256: .ecdsa(.sha256)
        case .rsaSHA256: .rsaPKCS1(.sha256)
        }
    }
}
