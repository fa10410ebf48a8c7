public import Certificates
import Files
import Glibc
public import Keys

extension DataDirectory {
    /// Makes the next issuing key and its certificate below the root, published now and issuing after an overlap.
    ///
    /// `rootKey` is the root's key, in place of `ca/root.key`; the files that are named in `generations.json` are new ones.
    /// What an interrupted exchange has left is replaced, but not a key that waits for a certificate:
    /// `.rotation(.requestWaits)`. Throws `.rotation(.pending)` while the last exchange isn't over, `.key` and `.chain` when the key isn't the root's.
    public func rotateAuthority(
        rootKey: String?,
        algorithm: KeyAlgorithm,
        overlapSeconds: Int64,
        files: ConfigurationFiles,
        at seconds: Int64
    ) throws(AuthorityError) -> Rotation {
        let settings = try authoritySettings(files)
        return try exchange(settings, overlapSeconds: overlapSeconds, files: files, at: seconds) {
            generations,
            latest throws(AuthorityError) in
            let passphrase = try Authority.passphrase(settings.passphraseFile)
            let rootKey = try SigningKey.read(rootKey ?? self.rootKey, passphrase: passphrase)
            let key = try Self.newKey(algorithm)
            let root = latest.certificates.last ?? latest.issuing
            let chain = try Self.chain(below: root, rootKey, for: key.publicKey, at: seconds)
            let file = generations.next(settings.key)
            let request = Self.requestFile(beside: file)
            guard access(file, F_OK) != 0 || access(request, F_OK) != 0 else {
                throw .rotation(.requestWaits(key: file))
            }
            unlink(request)
            // One that was left there is in no list, so nobody has seen it.
            try replace(key, at: file, passphrase)
            return NextGeneration(file: file, key: key.publicKey, chain: chain)
        }
    }

    /// Makes the next issuing key and a request for its certificate (PKCS #10, PEM). The key waits in its file for
    /// ``installAuthority(chain:overlapSeconds:files:at:)``; asked again, it is the same one.
    public func requestAuthority(
        algorithm: KeyAlgorithm,
        files: ConfigurationFiles
    ) throws(AuthorityError) -> (request: String, keyFile: String, publicKey: PublicKey) {
        let settings = try authoritySettings(files)
        let passphrase = try Authority.passphrase(settings.passphraseFile)
        let lock = try DirectoryLock(path: WholeFile.folder(of: settings.key), waits: true)
        defer { withExtendedLifetime(lock) {} }
        let file = try settings.generations().next(settings.key)
        let isThere = access(file, F_OK) == 0
        let key = isThere ? try SigningKey.read(file, passphrase: passphrase) : try Self.newKey(algorithm)
        let request: String
        do { request = try CertificateSigningRequest.pem(signedBy: key) } catch { throw .chain(path: file, error) }
        // It says that the key was asked for, so it comes first.
        let copy = Self.requestFile(beside: file)
        do { try WholeFile.replace(copy, with: Array(request.utf8)) } catch {
            throw .file(path: copy, .unwritable(error.code))
        }
        if !isThere {
            try write(key, to: file, passphrase)
            try FileSystem.syncDirectory(WholeFile.folder(of: file))
        }
        return (request, file, key.publicKey)
    }

    /// `issuing-2.csr` for `issuing-2.key`: it is there while that key waits for a certificate.
    private static func requestFile(beside key: String) -> String {
        (key.hasSuffix(".key") ? String(key.dropLast(4)) : key) + ".csr"
    }

    /// Puts the certificate of a key that waits for it in place, published now and issuing after an overlap. `chain` is a
    /// PEM file, issuing certificate first, root last; it is checked as a start checks it.
    ///
    /// Throws `.rotation(.noRequest)`, `.rotation(.wrongKey)`, `.rotation(.pending)` and `.chain`.
    public func installAuthority(
        chain path: String,
        overlapSeconds: Int64,
        files: ConfigurationFiles,
        at seconds: Int64
    ) throws(AuthorityError) -> Rotation {
        let settings = try authoritySettings(files)
        let rotation = try exchange(settings, overlapSeconds: overlapSeconds, files: files, at: seconds) {
            generations,
            _ throws(AuthorityError) in
            let file = generations.next(settings.key)
            guard access(file, F_OK) == 0 else { throw .rotation(.noRequest(key: file)) }
            let key = try SigningKey.read(file, passphrase: try Authority.passphrase(settings.passphraseFile))
            do throws(AuthorityError) {
                let chain = try CertificateChain.read(path, signer: key, seconds: seconds)
                return NextGeneration(file: file, key: key.publicKey, chain: chain)
            } catch {
                throw error == .chain(path: path, .chain(.keyMismatch)) ? .rotation(.wrongKey(key: file)) : error
            }
        }
        unlink(Self.requestFile(beside: rotation.keyFile))
        return rotation
    }

    /// Signs a request with a root's key, where both are: no data directory is needed. Returns the chain as PEM.
    ///
    /// Throws `.rotation(.requestInvalid)`, `.file`, `.key` and `.chain`.
    public static func signAuthority(
        request path: String,
        root: String,
        rootKey: String,
        passphraseFile: String?,
        at seconds: Int64
    ) throws(AuthorityError) -> CertificateChain {
        let bytes = try FileSystem.read(path)
        let publicKey: PublicKey
        do throws(CertificatesError) {
            let request = try CertificateSigningRequest(pem: bytes)
            publicKey = try request.verifiedKey()
        } catch .unparsable {
            throw .file(path: path, .malformed(rule: "it must hold a certificate signing request in PEM"))
        } catch {
            throw .rotation(.requestInvalid)
        }
        let certificates = try CertificateChain.read(root)
        let key = try SigningKey.read(rootKey, passphrase: try Authority.passphrase(passphraseFile))
        return try chain(
            below: certificates.certificates.last ?? certificates.issuing,
            key,
            for: publicKey,
            at: seconds
        )
    }

    private func authoritySettings(_ files: ConfigurationFiles) throws(AuthorityError) -> AuthoritySettings.CA {
        try AuthoritySettings.places(ConfigurationText(self, files: files), directory: self).ca
    }

    /// An issuing certificate below a root, named after it and the day.
    private static func chain(
        below root: Certificate,
        _ rootKey: SigningKey,
        for key: PublicKey,
        at seconds: Int64
    ) throws(AuthorityError) -> CertificateChain {
        do throws(CertificatesError) {
            let issuing = try AuthorityCertificates.intermediate(
                name: try AuthorityName.below(root, role: "Issuing CA", at: seconds),
                publicKey: key,
                issuer: root,
                issuerKey: rootKey,
                serial: try SerialNumber.random(),
                notBeforeSeconds: seconds
            )
            let chain = try CertificateChain([issuing, root])
            try chain.validate(at: seconds, signer: key)
            return chain
        } catch {
            throw .chain(path: "of the next CA", error)
        }
    }
}
