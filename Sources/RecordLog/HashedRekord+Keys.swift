public import Log
import Wire

extension HashedRekord {
    /// What the entry is found by through Rekor v1: the digest, the certificate or key, and the certificate's names. CPU
    /// work. Without the certificate where that has an encoding of its own kind, which Rekor v1 takes none of.
    public var keys: Set<SearchKey> {
        let material: VerificationMaterial? =
            switch verifier {
            case .publicKey(let info): try? VerificationMaterial(subjectPublicKeyInfo: info)
            case .certificate: certificate.flatMap { try? VerificationMaterial($0) }
            }
        var terms: [SearchTerm] = [
            .hash(algorithm: "\(keyDetails.digest)", hex: Hexadecimal.encode(digest))
        ]
        if let material { terms += material.terms }
        return Set(terms.map(\.key))
    }
}
