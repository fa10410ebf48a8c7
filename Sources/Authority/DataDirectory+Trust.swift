import Files
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
        let settings = try trustSettings(files)
        guard let trust = settings.trust else { throw .trust(.missing(file: "the section trust of the configuration")) }
        let passphrase = try Authority.passphrase(trust.passphraseFile)
        let documents = try TrustDocuments(settings, at: seconds)
        let offline = try SigningKey.read(renewal.rootKey ?? trust.rootKey, passphrase: passphrase)
        let newOffline = renewal.newRootKey == nil ? nil : try Self.newTrustKey(trust.rootKey)
        let newOnline = renewal.makesOnlineKey ? try Self.newTrustKey(trust.onlineKey) : nil
        let online = if let newOnline { newOnline } else { try Self.onlineKey(trust, passphrase) }
        if let newOffline, let file = renewal.newRootKey { try write(newOffline, to: file, passphrase) }
        let changed = try TrustFolder(path: trust.repository).change { repository throws(AuthorityError) in
            do throws(TrustRootError) {
                let isRootDue = repository.isDue(.root, lifetimes: trust.lifetimes, at: seconds)
                if isRootDue || renewal.renewsRoot || newOffline != nil || newOnline != nil {
                    try repository.renewRoot(
                        offline: offline,
                        newOffline: newOffline,
                        newOnline: newOnline?.publicKey,
                        lifetimes: trust.lifetimes,
                        at: seconds
                    )
                }
                try repository.renewTargets(
                    documents.targets,
                    offline: newOffline ?? offline,
                    lifetimes: trust.lifetimes,
                    at: seconds
                )
                if let online { try repository.publish(online: online, lifetimes: trust.lifetimes, at: seconds) }
            } catch {
                throw AuthorityError.trust(error)
            }
        }
        guard let changed else { throw .trust(.missing(file: "the repository")) }
        if let newOnline { try replace(newOnline, at: trust.onlineKey, passphrase) }
        return TrustState(changed.repository, documents, trust.lifetimes, at: seconds)
    }

    /// Signs the targets anew where their key is at hand. Nil where it isn't, or there is no repository; and the key's file.
    func renewTrustIfPossible(
        files: ConfigurationFiles,
        at seconds: Int64
    ) throws(AuthorityError) -> (state: TrustState?, rootKey: String?) {
        guard let trust = try trustSettings(files).trust else { return (nil, nil) }
        do throws(AuthorityError) {
            return (try renewTrust(TrustRenewal(), files: files, at: seconds), trust.rootKey)
        } catch .file(trust.rootKey, .missing) {
            return (nil, trust.rootKey)
        } catch {
            throw error
        }
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
