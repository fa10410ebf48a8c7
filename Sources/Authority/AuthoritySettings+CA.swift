import Certificates
import Keys

extension AuthoritySettings.CA {
    /// The CA's generations: the first begins with its certificate. Throws `.file` and `.chain`.
    func generations() throws(AuthorityError) -> Generations {
        let start = try CertificateChain.read(chain).issuing.notBeforeSeconds
        return try Generations(
            beside: key,
            first: Generation(key: key, chain: chain, startSeconds: start, signsFromSeconds: start)
        )
    }

    /// The chain and the signer of the generation that issues at a moment, checked against each other and the time.
    /// Throws `.file`, `.key` and `.chain`.
    func signer(at seconds: Int64) throws(AuthorityError) -> (signer: CertificateSigner, chain: CertificateChain) {
        let generations = try generations()
        let current = generations.signing(at: seconds).generation
        guard let keyFile = current.key, let chainFile = current.chain else {
            throw .file(path: generations.path, .malformed(rule: "the one that issues now must have a key and a chain"))
        }
        let key = try SigningKey.read(keyFile, passphrase: try Authority.passphrase(passphraseFile))
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
