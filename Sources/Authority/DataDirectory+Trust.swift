import Files
import Glibc
import Keys
import Transparency
public import TrustRoot

extension DataDirectory {
    /// The TUF repository of a new data directory, after all else: it says what is in the other files.
    func createTrust(_ passphrase: Passphrase?, at seconds: Int64) throws(AuthorityError) {
        let settings = try AuthoritySettings(
            ConfigurationText(self, files: ConfigurationFiles()),
            directory: self
        )
        guard let trust = settings.trust else { return }
        let documents = try TrustDocuments(settings, at: seconds)
        let (offline, online): (SigningKey, SigningKey)
        do {
            offline = try SigningKey.generate(.p256)
            online = try SigningKey.generate(.p256)
        } catch {
            throw .key(path: trust.rootKey, error)
        }
        let repository: TrustRepository
        do throws(TrustRootError) {
            repository = try TrustRepository(
                documents.targets,
                offline: offline,
                online: online,
                lifetimes: trust.lifetimes,
                at: seconds
            )
        } catch {
            throw .trust(error)
        }
        try FileSystem.createDirectory(resolve("trust"))
        try write(offline, to: trust.rootKey, passphrase)
        try write(online, to: trust.onlineKey, passphrase)
        try TrustFolder(path: trust.repository).write(repository, since: nil)
    }

    /// All that clients need. `url` is where they reach the server, in place of `base-url`. Reads public files only, where
    /// the public keys of the logs are beside the private ones. Throws what reading them throws.
    public func trustExport(
        files: ConfigurationFiles,
        url: ServiceURL?,
        at seconds: Int64
    ) throws(AuthorityError) -> TrustExport {
        let settings = try trustSettings(files)
        let documents = try TrustDocuments(settings, url: url, at: seconds)
        let repository = try settings.trust.map { trust throws(AuthorityError) in
            try TrustFolder(path: trust.repository).read()
        }
        return TrustExport(documents, repository: repository ?? nil, url: url ?? settings.baseURL)
    }

    /// What the TUF repository has. Throws `.trust(.missing)` when there is none.
    public func trustState(files: ConfigurationFiles, at seconds: Int64) throws(AuthorityError) -> TrustState {
        let settings = try trustSettings(files)
        guard let trust = settings.trust, let repository = try TrustFolder(path: trust.repository).read() else {
            throw .trust(.missing(file: "the repository"))
        }
        return TrustState(repository, try TrustDocuments(settings, at: seconds), trust.lifetimes, at: seconds)
    }

    /// Signs root and targets anew, and publishes them where the online key is at hand. Nothing is changed when it throws.
    ///
    /// Throws `.trust(.missing)` when there is no repository, `.trust(.wrongKey)` for another key than its own, and what
    /// reading configuration and keys throws.
    public func renewTrust(
        _ renewal: TrustRenewal,
        files: ConfigurationFiles,
        at seconds: Int64
    ) throws(AuthorityError) -> TrustState {
        let signing = try trustSigning(renewal, files: files, at: seconds)
        // Nothing is written before everything was seen to fit.
        try signing.check()
        let (trust, waiting) = (signing.trust, Self.waiting(signing.trust.onlineKey))
        if let key = signing.newOffline, let file = renewal.newRootKey { try write(key, to: file, signing.passphrase) }
        // The repository names the new key for ever, so it must be on the disk by then.
        if let key = signing.newOnline { try replace(key, at: waiting, signing.passphrase) }
        let changed = try TrustFolder(path: trust.repository).change { repository throws(AuthorityError) in
            try signing.sign(&repository)
        }
        guard let changed else { throw .trust(.missing(file: "the repository")) }
        if signing.newOnline != nil { try Self.putInPlace(trust.onlineKey) }
        return TrustState(changed.repository, signing.documents, trust.lifetimes, at: seconds)
    }

    /// Throws what would keep ``renewTrustAfterExchange(files:at:)`` from signing; where it has nothing to sign with, nothing.
    func checkTrustRenewal(files: ConfigurationFiles, at seconds: Int64) throws(AuthorityError) {
        guard let trust = try trustSettings(files).trust, access(trust.rootKey, F_OK) == 0 else { return }
        try trustSigning(TrustRenewal(), files: files, at: seconds).check()
    }

    /// Signs the targets anew where their key is at hand. No state where it isn't, or there is no repository, or where there
    /// is a problem: keys have been exchanged by then, so it isn't thrown.
    func renewTrustAfterExchange(
        files: ConfigurationFiles,
        at seconds: Int64
    ) -> (state: TrustState?, rootKey: String?, problem: AuthorityError?) {
        var rootKey: String?
        do throws(AuthorityError) {
            guard let trust = try trustSettings(files).trust else { return (nil, nil, nil) }
            rootKey = trust.rootKey
            guard access(trust.rootKey, F_OK) == 0 else { return (nil, rootKey, nil) }
            return (try renewTrust(TrustRenewal(), files: files, at: seconds), rootKey, nil)
        } catch {
            return (nil, rootKey, error)
        }
    }

    private func trustSigning(
        _ renewal: TrustRenewal,
        files: ConfigurationFiles,
        at seconds: Int64
    ) throws(AuthorityError) -> TrustSigning {
        let settings = try trustSettings(files)
        guard let trust = settings.trust else { throw .trust(.missing(file: "the section trust of the configuration")) }
        let passphrase = try Authority.passphrase(trust.passphraseFile)
        try Self.finishExchange(trust, passphrase)
        let newOnline = renewal.makesOnlineKey ? try Self.newTrustKey(trust.onlineKey) : nil
        let online = if let newOnline { newOnline } else { try Self.onlineKey(trust, passphrase) }
        return TrustSigning(
            trust: trust,
            passphrase: passphrase,
            documents: try TrustDocuments(settings, at: seconds),
            offline: try SigningKey.read(renewal.rootKey ?? trust.rootKey, passphrase: passphrase),
            newOffline: renewal.newRootKey == nil ? nil : try Self.newTrustKey(trust.rootKey),
            newOnline: newOnline,
            online: online,
            renewsRoot: renewal.renewsRoot,
            seconds: seconds
        )
    }

    /// Where a new online key is until the repository names it.
    private static func waiting(_ onlineKey: String) -> String { onlineKey + ".new" }

    private static func putInPlace(_ onlineKey: String) throws(AuthorityError) {
        guard rename(waiting(onlineKey), onlineKey) == 0 else { throw .file(path: onlineKey, .unwritable(errno)) }
        try FileSystem.syncDirectory(WholeFile.folder(of: onlineKey))
    }

    /// Ends an exchange of the online key that was interrupted when the repository named the new one already.
    private static func finishExchange(
        _ trust: AuthoritySettings.Trust,
        _ passphrase: Passphrase?
    ) throws(AuthorityError) {
        guard access(waiting(trust.onlineKey), F_OK) == 0,
            let key = try? SigningKey.read(waiting(trust.onlineKey), passphrase: passphrase),
            try TrustFolder(path: trust.repository).read()?.onlineKey == key.publicKey
        else { return }
        try putInPlace(trust.onlineKey)
    }

    private func trustSettings(_ files: ConfigurationFiles) throws(AuthorityError) -> AuthoritySettings {
        try AuthoritySettings(ConfigurationText(self, files: files), directory: self)
    }

    private static func newTrustKey(_ file: String) throws(AuthorityError) -> SigningKey {
        do { return try SigningKey.generate(.p256) } catch { throw .key(path: file, error) }
    }

    /// Nil where another server has it.
    static func onlineKey(
        _ trust: AuthoritySettings.Trust,
        _ passphrase: Passphrase?
    ) throws(AuthorityError) -> SigningKey? {
        do throws(AuthorityError) {
            return try SigningKey.read(trust.onlineKey, passphrase: passphrase)
        } catch {
            guard case .file(_, .missing) = error else { throw error }
            return nil
        }
    }

    func replace(_ key: SigningKey, at file: String, _ passphrase: Passphrase?) throws(AuthorityError) {
        let pem: [UInt8]
        do { pem = try key.pem(passphrase: passphrase) } catch { throw .key(path: file, error) }
        do { try WholeFile.replace(file, with: pem, isPrivate: true) } catch {
            throw .file(path: file, .unwritable(error.code))
        }
    }
}
