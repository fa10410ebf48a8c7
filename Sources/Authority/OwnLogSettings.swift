import Certificates

/// What the configuration says of a data directory's own log, for commands that work on it without the server: the
/// issuers and all else may be wrong meanwhile.
struct OwnLogSettings {
    let ca: AuthoritySettings.CA
    let log: AuthoritySettings.EmbeddedLog

    /// Reads the configuration; the log is the shard that takes entries at a moment in seconds since 1970. Throws `.file`, and
    /// `.configuration` also where it names another's log.
    init(
        _ directory: DataDirectory,
        files: ConfigurationFiles,
        at seconds: Int64 = WallClock.seconds()
    ) throws(AuthorityError) {
        let text = try ConfigurationText(directory, files: files)
        let places = try AuthoritySettings.places(text, directory: directory)
        guard case .embedded(let log) = places.log else {
            throw .configuration(file: text.mainFile, .missing(path: "log", line: 1))
        }
        ca = places.ca
        self.log = try log.shard(at: seconds)
    }
}

extension AuthoritySettings.EmbeddedLog {
    /// The CA certificates of earlier chains. Throws `.file` and `.chain`.
    func formerAuthorities() throws(AuthorityError) -> [Certificate] {
        var authorities: [Certificate] = []
        for file in formerChains { authorities += try CertificateChain.read(file).certificates }
        return authorities
    }
}
