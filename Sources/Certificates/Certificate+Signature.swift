public import Keys

extension Certificate {
    /// Checks the signature by a CA's key in the CA's usual scheme, and that the algorithm named outside is that one.
    ///
    /// Nothing else is checked, not even the issuer's name: for who has many certificates of one CA, whose key is read
    /// once. The lint compares the name. Throws ``CertificatesError/signatureInvalid``, and
    /// ``CertificatesError/unparsable(_:)``.
    public func verify(signedBy key: PublicKey) throws(CertificatesError) {
        let parts = der.withUnsafeBufferPointer { buffer -> (tbs: [UInt8], algorithm: [UInt8], signature: [UInt8])? in
            guard let whole = DERElement(buffer), let tbs = whole.first,
                let algorithm = DERElement(UnsafeBufferPointer(rebasing: whole.content.dropFirst(tbs.whole.count))),
                let signature = DERElement(
                    UnsafeBufferPointer(
                        rebasing: whole.content.dropFirst(tbs.whole.count + algorithm.whole.count)
                    )
                ),
                // A BIT STRING without unused bits.
                signature.whole.first == DEREncoding.Tag.bitString.rawValue, signature.content.first == 0
            else { return nil }
            return (Array(tbs.whole), Array(algorithm.whole), Array(signature.content.dropFirst()))
        }
        guard let parts else { throw .unparsable(.certificate) }
        let scheme = key.algorithm.usualScheme
        guard try SignatureAlgorithm(scheme).der == parts.algorithm,
            (try? key.verify(parts.signature, over: parts.tbs, with: scheme)) != nil
        else { throw .signatureInvalid }
    }
}
