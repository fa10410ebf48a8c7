import Certificates
import Files
import Keys
import Wire

extension AuthorityName {
    /// The name of a later certificate below an authority: after its organization, by its role and the day, and without the
    /// organization in the common name where that has no room for it (RFC 5280 appendix A, `ub-common-name`).
    static func below(
        _ issuer: Certificate,
        role: String,
        at seconds: Int64
    ) throws(CertificatesError) -> AuthorityName {
        let organization = try issuer.subjectAttributes().organization ?? "Mayfly"
        let short = "\(role) \(RFC3339.text(seconds: seconds).prefix(10))"
        let long = "\(organization) \(short)"
        return try AuthorityName(
            country: noCountry,
            organization: organization,
            commonName: long.unicodeScalars.count <= 64 ? long : short
        )
    }
}

extension DataDirectory {
    /// For how long an authority must still be trusted after another one has begun to sign, in seconds: the life of the last
    /// certificate, and as much again for servers that change late.
    static let authorityGraceSeconds = 2 * CertificateProfile.lifetimeSeconds

    /// A key that has been made or taken over, in its file, and its chain, checked, which has none yet.
    struct NextGeneration {
        let file: String
        let key: PublicKey
        let chain: CertificateChain
    }

    /// Exchanges the key and the chain of a section: published now, and signing after an overlap.
    ///
    /// `make` is given the generations that there are and the newest chain, and writes the key into the file of the next
    /// one. Throws `.rotation(.pending)` while the last exchange isn't over, what `make` throws,
    /// and what would keep the TUF repository from being signed anew; then nothing has changed.
    func exchange(
        _ section: some AuthoritySection,
        overlapSeconds: Int64,
        files: ConfigurationFiles,
        at seconds: Int64,
        _ make: (Generations, CertificateChain) throws(AuthorityError) -> NextGeneration
    ) throws(AuthorityError) -> Rotation {
        // The server keeps the directory's lock; commands have one of their own.
        let lock = try DirectoryLock(path: WholeFile.folder(of: section.key), waits: true)
        defer { withExtendedLifetime(lock) {} }
        var generations = try section.generations()
        let latest = generations.list[generations.list.endIndex - 1]
        guard latest.signsFromSeconds <= seconds else {
            throw .rotation(.pending(fromSeconds: latest.signsFromSeconds))
        }
        // Before anything is written: a key that can't be published is better not made.
        try checkTrustRenewal(files: files, at: seconds)
        let made = try make(generations, try CertificateChain.read(latest.chain ?? section.chain))
        let chainFile = generations.next(section.chain)
        let signsFrom = seconds + overlapSeconds
        do { try WholeFile.replace(chainFile, with: Array(made.chain.pem.utf8)) } catch {
            throw .file(path: chainFile, .unwritable(error.code))
        }
        generations.add(
            Generation(key: made.file, chain: chainFile, startSeconds: seconds, signsFromSeconds: signsFrom),
            graceSeconds: Self.authorityGraceSeconds
        )
        try generations.write()
        let trust = renewTrustAfterExchange(files: files, at: seconds)
        return Rotation(
            section: type(of: section).name,
            number: generations.list.count,
            keyFile: made.file,
            publicKey: made.key,
            chain: (chainFile, made.chain),
            origin: nil,
            startSeconds: seconds,
            signsFromSeconds: signsFrom,
            predecessorEndSeconds: signsFrom + Self.authorityGraceSeconds,
            trust: trust.state,
            trustRootKey: trust.rootKey,
            trustProblem: trust.problem
        )
    }
}
