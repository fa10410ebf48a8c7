import Keys
import Transparency

extension HashedRekord {
    /// A log's first entry: its public key, signed by a key that exists for this signature only, so that the log's own key
    /// never signs anything but checkpoints. Throws `.log(.signingFailed)`.
    static func genesis(of key: PublicKey) throws(RecordLogError) -> RecordBody {
        do {
            let signer = try SigningKey.generate(.p256)
            let artifact = key.subjectPublicKeyInfo
            return try HashedRekord(
                digest: SHA256Digest(hashing: artifact).bytes,
                signature: try signer.sign(artifact),
                verifier: .publicKey(signer.publicKey.subjectPublicKeyInfo),
                keyDetails: .p256
            ).body()
        } catch {
            throw .log(.signingFailed)
        }
    }
}
