/// The configuration as it is written, to be compared by content: a file that was only touched hasn't changed, and one
/// that a symbolic link has been turned to has.
struct ConfigurationText: Sendable, Equatable {
    /// The main file's name, for errors.
    let mainFile: String
    /// The main file.
    let main: [UInt8]
    /// The name of the file in place of the issuer sections, for errors.
    let identityFile: String?
    /// That file.
    let identity: [UInt8]?

    /// Reads the files. Throws `.file`.
    init(_ directory: DataDirectory, files: ConfigurationFiles) throws(AuthorityError) {
        mainFile = files.main ?? directory.configuration
        main = try FileSystem.read(mainFile)
        identityFile = files.identity
        identity = try files.identity.map { file throws(AuthorityError) in try FileSystem.read(file) }
    }
}
