import Certificates
import Files
import Glibc
import Keys
import RecordLog
public import Transparency

/// The logs whose keys can be exchanged.
public enum RotatedLog: String, Sendable, CaseIterable {
    /// The log of certificates.
    case certificates
    /// The log of signatures.
    case records
}

extension DataDirectory {
    /// For how long after its successor has begun a log's promises count, in seconds: servers change within a second, and
    /// those that are told late by hand.
    static let logGraceSeconds: Int64 = 600

    /// Makes the next shard of a log: another key, another name, a database with its first entry. It is published now and
    /// takes entries after an overlap; the one before is readable for ever.
    ///
    /// `origin` is its name; without one it follows from the first one's. Throws `.rotation(.pending)` while the last
    /// exchange isn't over, `.rotation(.unsupported)` for a log in PostgreSQL, and what making the log throws.
    public func rotateLog(
        _ which: RotatedLog,
        origin: LogOrigin?,
        overlapSeconds: Int64,
        files: ConfigurationFiles,
        now: @escaping @Sendable () -> EntryTimestamp
    ) async throws(AuthorityError) -> Rotation {
        let seconds = now().seconds
        let text = try ConfigurationText(self, files: files)
        let places = try AuthoritySettings.places(text, directory: self)
        let log = try RotatedLogFiles(which, places.log, places.recordLog, configuration: text.mainFile)
        // The server keeps the directory's lock; commands have one of their own.
        let lock = try DirectoryLock(path: WholeFile.folder(of: log.key), waits: true)
        defer { withExtendedLifetime(lock) {} }
        let start = try places.ca.generations().list[0].startSeconds
        var generations = try log.generations(start)
        let latest = generations.list[generations.list.endIndex - 1]
        guard latest.signsFromSeconds <= seconds else {
            throw .rotation(.pending(fromSeconds: latest.signsFromSeconds))
        }
        // Before anything is written: a key that can't be published is better not made.
        try checkTrustRenewal(files: files, at: seconds)
        let number = generations.list.count + 1
        let name = if let origin { origin } else { try log.origin(number) }
        let passphrase = try Authority.passphrase(log.passphraseFile)
        let key = try Self.newKey(.p256)
        let (keyFile, database) = (generations.next(log.key), generations.next(log.database))
        let publicKeyFile = Generation.publicKeyFile(beside: keyFile)
        // What an interrupted exchange has left was in no list, so nobody has seen it.
        for file in [keyFile, publicKeyFile, database, database + "-wal", database + "-shm"] { unlink(file) }
        try write(key, to: keyFile, passphrase)
        try FileSystem.create(publicKeyFile, Array(key.publicKey.pem.utf8), isPrivate: false)
        let store = try LogStoreChoice.sqlite(database: database).create()
        switch which {
        case .certificates:
            let chain = try places.ca.signer(at: seconds).chain
            try await createLog(in: store, key: key, chain: chain, origin: name, now: now)
        case .records:
            do throws(RecordLogError) {
                try await RecordLog.create(in: store, key: key, origin: name, clock: now).close()
            } catch {
                throw .record(error)
            }
            try? store.close()
        }
        let signsFrom = seconds + overlapSeconds
        generations.add(
            Generation(
                key: keyFile,
                publicKey: publicKeyFile,
                origin: name.name,
                database: database,
                startSeconds: seconds,
                signsFromSeconds: signsFrom
            ),
            graceSeconds: Self.logGraceSeconds
        )
        try generations.write()
        let trust = renewTrustAfterExchange(files: files, at: seconds)
        return Rotation(
            section: which == .certificates ? "log" : "record-log",
            number: number,
            keyFile: keyFile,
            publicKey: key.publicKey,
            chain: nil,
            origin: name.name,
            startSeconds: seconds,
            signsFromSeconds: signsFrom,
            predecessorEndSeconds: signsFrom + Self.logGraceSeconds,
            trust: trust.state,
            trustRootKey: trust.rootKey,
            trustProblem: trust.problem
        )
    }
}

/// What an exchange needs to know of either log.
private struct RotatedLogFiles {
    let key: String
    let passphraseFile: String?
    let database: String
    let generations: (Int64) throws(AuthorityError) -> Generations
    private let first: LogOrigin
    private let which: RotatedLog

    init(
        _ which: RotatedLog,
        _ certificates: AuthoritySettings.CertificateLogChoice,
        _ records: AuthoritySettings.RecordLog?,
        configuration: String
    ) throws(AuthorityError) {
        self.which = which
        let store: LogStoreChoice
        switch (which, certificates, records) {
        case (.certificates, .embedded(let log), _):
            (key, passphraseFile, first, store) = (log.key, log.passphraseFile, log.origin, log.store)
            generations = { start throws(AuthorityError) in try log.generations(startSeconds: start) }
        case (.records, _, let log?):
            (key, passphraseFile, first, store) = (log.key, log.passphraseFile, log.origin, log.store)
            generations = { start throws(AuthorityError) in try log.generations(startSeconds: start) }
        case (.certificates, .remote, _):
            throw .configuration(file: configuration, .missing(path: "log", line: 1))
        case (.records, _, nil):
            throw .configuration(file: configuration, .missing(path: "record-log", line: 1))
        }
        guard case .sqlite(let database) = store else {
            throw .rotation(.unsupported("the log is in PostgreSQL, and a shard can't be made there yet"))
        }
        self.database = database
    }

    /// The name of a shard: of certificates as a path below the first one's, of records as a host below it, for clients
    /// compare it with a URL's.
    func origin(_ number: Int) throws(AuthorityError) -> LogOrigin {
        switch which {
        case .certificates:
            do { return try LogOrigin("\(first.name)/\(number)") } catch {
                throw .log(.transparency(error))
            }
        case .records:
            do { return try LogOrigin("shard-\(number).\(first.name)") } catch {
                throw .record(.transparency(error))
            }
        }
    }
}
