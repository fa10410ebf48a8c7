import Certificates
import Keys

/// A section of the configuration with a key and its chain, which are exchanged in ``Generations``.
protocol AuthoritySection: Sendable {
    /// As `mayfly.yaml` names it.
    static var name: String { get }
    /// The first key's file.
    var key: String { get }
    /// The first chain's file.
    var chain: String { get }
    /// The file with the keys' passphrase, where they have one.
    var passphraseFile: String? { get }
}

extension AuthoritySection {
    /// The section's generations: the first begins with its certificate. Throws `.file` and `.chain`.
    func generations() throws(AuthorityError) -> Generations {
        let start = try CertificateChain.read(chain).issuing.notBeforeSeconds
        return try Generations(
            beside: key,
            first: Generation(key: key, chain: chain, startSeconds: start, signsFromSeconds: start)
        )
    }

    /// The key that signs at a moment, and the file of its chain. Throws `.file`, `.key` and `.chain`.
    func signing(at seconds: Int64) throws(AuthorityError) -> (key: SigningKey, chainFile: String) {
        let generations = try generations()
        let current = generations.signing(at: seconds).generation
        guard let keyFile = current.key, let chainFile = current.chain else {
            throw .file(path: generations.path, .malformed(rule: "the one that signs now must have a key and a chain"))
        }
        return (try SigningKey.read(keyFile, passphrase: try Authority.passphrase(passphraseFile)), chainFile)
    }
}

extension AuthoritySettings.CA: AuthoritySection {
    static let name = "ca"
}

extension AuthoritySettings.Timestamping: AuthoritySection {
    static let name = "timestamping"
}
