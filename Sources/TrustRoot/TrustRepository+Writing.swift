extension TrustRepository {
    /// The files that are new or others than before, in the order in which they may be written: what a file names is there
    /// before it is.
    public func changes(since before: TrustRepository?) -> [(path: String, bytes: [UInt8])] {
        files.filter { before?.files[$0.key] != $0.value }
            .map { (path: $0.key, bytes: $0.value) }
            .sorted { (Self.rank($0.path), $0.path) < (Self.rank($1.path), $1.path) }
    }

    private static func rank(_ path: String) -> Int {
        if path.hasPrefix("targets/") { return 0 }
        if path.hasSuffix(".root.json") { return 1 }
        if path == "root.json" { return 2 }
        if path.hasSuffix(".targets.json") { return 3 }
        if path.hasSuffix(".snapshot.json") { return 4 }
        return 5
    }
}
