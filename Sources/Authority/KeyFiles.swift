import Certificates
import Keys

extension SigningKey {
    /// Reads a key's file. Throws `.file` and `.key` with the path.
    static func read(_ path: String, passphrase: Passphrase?) throws(AuthorityError) -> SigningKey {
        let pem = try FileSystem.read(path)
        do {
            return try SigningKey(pem: pem, passphrase: passphrase)
        } catch {
            throw .key(path: path, error)
        }
    }

    /// Reads the key of a shard that takes no entries any more; nil once it has been destroyed. Throws `.file` and `.key`.
    static func readIfThere(_ path: String, passphraseFile: String?) throws(AuthorityError) -> SigningKey? {
        do throws(AuthorityError) {
            return try read(path, passphrase: try Authority.passphrase(passphraseFile))
        } catch .file(path, .missing) {
            return nil
        } catch {
            throw error
        }
    }
}

extension CertificateChain {
    /// Reads the certificates of a file, unchecked. Throws `.file` and `.chain`.
    static func read(_ path: String) throws(AuthorityError) -> CertificateChain {
        let pem = try FileSystem.read(path)
        do { return try CertificateChain(pem: pem) } catch { throw .chain(path: path, error) }
    }

    /// Reads a chain's file and checks it against its key and the time (CHAIN-1…5). Throws `.file` and `.chain`.
    static func read(_ path: String, signer: SigningKey, seconds: Int64) throws(AuthorityError) -> CertificateChain {
        let chain = try read(path)
        do {
            try chain.validate(at: seconds, signer: signer.publicKey)
            return chain
        } catch {
            throw .chain(path: path, error)
        }
    }
}

extension PublicKey {
    /// Reads a public key's file. Throws `.file` and `.key`.
    static func read(_ path: String) throws(AuthorityError) -> PublicKey {
        let pem = try FileSystem.read(path)
        do { return try PublicKey(pem: pem) } catch { throw .key(path: path, error) }
    }
}
