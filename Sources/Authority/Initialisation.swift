import CertificateLog
import Certificates
public import Keys
import LogStorage
public import Transparency
public import TrustRoot

/// What `mayfly init` was asked for.
public struct Initialisation: Sendable {
    /// Where the CA comes from.
    public enum Source: Sendable {
        /// A new root and a new issuing certificate below it.
        case new(algorithm: KeyAlgorithm, organization: String)
        /// A chain in PEM, issuing certificate first, and the issuing key in PEM.
        case adopted(chain: String, key: String)
    }

    /// Where the CA comes from.
    public let source: Source
    /// The log's name.
    public let origin: LogOrigin
    /// Where clients will reach the server.
    public let baseURL: ServiceURL
    /// The file with the passphrase that the new keys are encrypted with; for an adopted key, the one it has.
    public let passphraseFile: String?
    /// The file with the connection string of the PostgreSQL database for the log; nil for SQLite in the directory.
    public let dataSourceFile: String?

    /// States what is wanted.
    public init(
        source: Source,
        origin: LogOrigin,
        baseURL: ServiceURL = .default,
        passphraseFile: String?,
        dataSourceFile: String? = nil
    ) {
        self.source = source
        self.origin = origin
        self.baseURL = baseURL
        self.passphraseFile = passphraseFile
        self.dataSourceFile = dataSourceFile
    }
}

extension DataDirectory {
    /// Fills the directory with all that serving needs: CA, log keys, configuration, and databases (here, or in
    /// PostgreSQL) with a record log and a certificate log. Each log has one entry of its own, the certificate log the
    /// issuing certificate; so the first of a client has index 1, for some clients refuse 0.
    ///
    /// `now` gives the certificates' first second. Everything is made and checked in memory before the first byte is
    /// written. Throws `.directoryUsed` with nothing changed when the directory is not empty, and the errors of each part.
    public func initialise(
        _ wanted: Initialisation,
        now: @escaping @Sendable () -> EntryTimestamp
    ) async throws(AuthorityError) -> InitialisedAuthority {
        guard try FileSystem.isEmptyDirectory(path) else { throw .directoryUsed(path: path) }
        let passphrase = try Authority.passphrase(wanted.passphraseFile)
        let seconds = now().seconds
        let ca = try Self.authority(wanted.source, passphrase: passphrase, seconds: seconds)
        let timestamping = try Self.timestamping(wanted.source.organization, seconds: seconds)
        // Found to be without a log before the first file is written.
        let sharedStore = try wanted.dataSourceFile.map { file throws(AuthorityError) in
            try LogStoreChoice.postgres(dataSourceFile: file).create()
        }
        let recordLog = try NewRecordLog(wanted, keyFile: recordLogKey)
        let logKey: SigningKey
        do { logKey = try SigningKey.generate(.p256) } catch { throw .key(path: self.logKey, error) }

        try FileSystem.createDirectory(path)
        try FileSystem.createDirectory(resolve("ca"))
        try FileSystem.createDirectory(resolve("log"))
        try FileSystem.createDirectory(resolve("tsa"))
        if let rootKey = ca.rootKey { try write(rootKey, to: self.rootKey, passphrase) }
        try write(ca.issuingKey, to: issuingKey, passphrase)
        try write(logKey, to: self.logKey, passphrase)
        try FileSystem.create(root, Array((ca.chain.certificates.last ?? ca.chain.issuing).pem.utf8), isPrivate: false)
        try FileSystem.create(chain, Array(ca.chain.pem.utf8), isPrivate: false)
        try FileSystem.create(logPublicKey, Array(logKey.publicKey.pem.utf8), isPrivate: false)
        try write(timestamping, passphrase)
        let store = if let sharedStore { sharedStore } else { try LogStoreChoice.sqlite(database: database).create() }
        try await createLog(in: store, key: logKey, chain: ca.chain, origin: wanted.origin, now: now)
        try await create(recordLog, passphrase: passphrase, now: now)
        let text = ConfigurationTemplate.text(
            origin: wanted.origin,
            baseURL: wanted.baseURL,
            passphraseFile: wanted.passphraseFile.map(FileSystem.absolute),
            dataSourceFile: wanted.dataSourceFile.map(FileSystem.absolute)
        )
        try FileSystem.create(configuration, Array(text.utf8), isPrivate: false)
        try createTrust(passphrase, at: seconds)
        for directory in [resolve("ca"), resolve("log"), resolve("trust"), resolve("tsa"), path] {
            try FileSystem.syncDirectory(directory)
        }
        return InitialisedAuthority(
            chain: ca.chain,
            logID: LogID(of: logKey.publicKey),
            timestamping: timestamping.chain,
            hasRootKey: ca.rootKey != nil
        )
    }

    /// The CA's keys and certificates, checked as `serve` will check them.
    private static func authority(
        _ source: Initialisation.Source,
        passphrase: Passphrase?,
        seconds: Int64
    ) throws(AuthorityError) -> (rootKey: SigningKey?, issuingKey: SigningKey, chain: CertificateChain) {
        switch source {
        case .new(let algorithm, let organization):
            let rootKey = try newKey(AuthorityCertificates.keyAlgorithm)
            let issuingKey = try newKey(algorithm)
            do {
                let chain = try newChain(organization, rootKey, issuingKey, seconds: seconds)
                return (rootKey, issuingKey, chain)
            } catch {
                throw .chain(path: "of the new CA", error)
            }
        case .adopted(let chainFile, let keyFile):
            let key = try SigningKey.read(keyFile, passphrase: passphrase)
            let chain = try CertificateChain.read(chainFile, signer: key, seconds: seconds)
            return (nil, key, chain)
        }
    }

    static func newKey(_ algorithm: KeyAlgorithm) throws(AuthorityError) -> SigningKey {
        do { return try SigningKey.generate(algorithm) } catch { throw .key(path: "of the new CA", error) }
    }

    /// A root and an issuing certificate below it, named after the organization (section 5.2 of Fulcio's facts).
    private static func newChain(
        _ organization: String,
        _ rootKey: SigningKey,
        _ issuingKey: SigningKey,
        seconds: Int64
    ) throws(CertificatesError) -> CertificateChain {
        let root = try AuthorityCertificates.root(
            name: try AuthorityName(
                country: AuthorityName.noCountry,
                organization: organization,
                commonName: "\(organization) Root"
            ),
            key: rootKey,
            serial: try SerialNumber.random(),
            notBeforeSeconds: seconds
        )
        let issuing = try AuthorityCertificates.intermediate(
            name: try AuthorityName(
                country: AuthorityName.noCountry,
                organization: organization,
                commonName: "\(organization) Issuing CA"
            ),
            publicKey: issuingKey.publicKey,
            issuer: root,
            issuerKey: rootKey,
            serial: try SerialNumber.random(),
            notBeforeSeconds: seconds
        )
        let chain = try CertificateChain([issuing, root])
        try chain.validate(at: seconds, signer: issuingKey.publicKey)
        return chain
    }

    func write(_ key: SigningKey, to file: String, _ passphrase: Passphrase?) throws(AuthorityError) {
        let pem: [UInt8]
        do { pem = try key.pem(passphrase: passphrase) } catch { throw .key(path: file, error) }
        try FileSystem.create(file, pem, isPrivate: true)
    }

    /// The log with its first entry.
    func createLog(
        in store: any DurableStore,
        key: SigningKey,
        chain: CertificateChain,
        origin: LogOrigin,
        now: @escaping @Sendable () -> EntryTimestamp
    ) async throws(AuthorityError) {
        do throws(CertificateLogError) {
            let log = try EmbeddedCertificateLog.create(
                in: store,
                key: key,
                origin: origin,
                chain: chain,
                clock: now
            )
            _ = try await log.appendIssuingCertificate()
            await OpenedLog(log, store: store).close()
        } catch {
            throw .log(error)
        }
    }
}
