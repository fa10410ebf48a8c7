import Certificates
import Keys

/// The key that should have signed, and how it is known.
struct SignerKey {
    /// The certificate that names its holder; nil for a key that the verifier has.
    let certificate: Certificate?
    /// The key.
    let key: PublicKey

    /// Whether a log's entry of old names it: a certificate in PEM for a certificate, a key in PEM for a key.
    func isNamed(byPEM pem: [UInt8]) -> Bool {
        if let certificate { return (try? Certificate(pem: pem)) == certificate }
        return (try? PublicKey(pem: pem)) == key
    }
}
