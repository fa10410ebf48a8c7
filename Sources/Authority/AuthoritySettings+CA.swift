import Certificates
import Keys

extension AuthoritySettings.CA {
    /// The chain and the signer of the generation that issues at a moment, checked against each other and the time.
    /// Throws `.file`, `.key` and `.chain`.
    func signer(at seconds: Int64) throws(AuthorityError) -> (signer: CertificateSigner, chain: CertificateChain) {
        let (key, chainFile) = try signing(at: seconds)
        let chain = try CertificateChain.read(chainFile, signer: key, seconds: seconds)
        do { return (try CertificateSigner(key: key, chain: chain), chain) } catch {
            throw .chain(path: chainFile, error)
        }
    }

    /// The CA certificates of all generations. Throws `.file` and `.chain`.
    func certificates() throws(AuthorityError) -> [Certificate] {
        var certificates: [Certificate] = []
        for file in try generations().list.compactMap(\.chain) {
            for certificate in try CertificateChain.read(file).certificates where !certificates.contains(certificate) {
                certificates.append(certificate)
            }
        }
        return certificates
    }
}
