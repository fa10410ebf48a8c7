/// The configuration files that the command line names in place of the usual ones.
public struct ConfigurationFiles: Sendable {
    /// In place of the data directory's `mayfly.yaml`.
    public let main: String?
    /// A Fulcio configuration in place of the issuer sections.
    public let identity: String?

    /// Names the files; nil for the usual ones.
    public init(main: String? = nil, identity: String? = nil) {
        self.main = main
        self.identity = identity
    }
}
