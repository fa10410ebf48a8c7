public import Identity

/// A configuration that has been put in force while requests were served.
public struct Reload: Sendable {
    /// What it asks for and doesn't get.
    public let warnings: [IdentityWarning]
    /// Sections that have changed and take effect with the next start.
    public let sectionsToRestartFor: [String]
}

extension Authority {
    /// Reads the configuration again and puts it in force; requests under way end with the one they began with.
    ///
    /// Throws what is wrong with the files: then nothing has changed. Blocks for two short files.
    public func reload() throws(AuthorityError) -> Reload {
        try configuration.reload(onlyIfChanged: false) ?? Reload(warnings: [], sectionsToRestartFor: [])
    }

    /// The same for files whose content isn't what was read last; nil when nothing has changed.
    public func reloadIfChanged() throws(AuthorityError) -> Reload? {
        try configuration.reload(onlyIfChanged: true)
    }

    /// Opens the audit sink's file again, after somebody renamed it.
    public func reopenAudit() {
        recorder.reopen()
    }
}
