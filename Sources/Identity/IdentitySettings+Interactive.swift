extension IdentitySettings {
    /// The issuers that a person could be sent to, those of type `email` first: the ones with a URL of their own.
    public var interactiveIssuers: [String] {
        var urls: [String] = []
        let rows = publicRows.filter { !$0.isPattern }
        for row in rows.filter({ $0.issuerType == "email" }) + rows where !urls.contains(row.url) {
            urls.append(row.url)
        }
        return urls
    }
}
