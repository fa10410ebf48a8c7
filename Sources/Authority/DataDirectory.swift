/// The names inside a data directory; everything an authority keeps is in it.
public struct DataDirectory: Sendable, Equatable {
    /// The directory, as the operator gave it, without a slash at the end.
    public let path: String

    /// Names a directory; it need not exist.
    public init(path: String) {
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        self.path = path
    }

    /// The configuration.
    public var configuration: String { resolve("mayfly.yaml") }
    /// The root certificate, for those who verify.
    public var root: String { resolve("ca/root.pem") }
    /// The root's key; needed only to make the next issuing certificate, so it can be moved away.
    public var rootKey: String { resolve("ca/root.key") }
    /// The chain, issuing certificate first.
    public var chain: String { resolve("ca/chain.pem") }
    /// The issuing key.
    public var issuingKey: String { resolve("ca/issuing.key") }
    /// The log's key.
    public var logKey: String { resolve("log/log.key") }
    /// The log's public key, for those who verify.
    public var logPublicKey: String { resolve("log/log.pub") }
    /// The timestamp authority's root certificate, for those who verify.
    public var timestampingRoot: String { resolve("tsa/root.pem") }
    /// That root's key; needed only to make the next timestamp authority's certificate, so it can be moved away.
    public var timestampingRootKey: String { resolve("tsa/root.key") }
    /// The timestamp authority's chain, its own certificate first.
    public var timestampingChain: String { resolve("tsa/chain.pem") }
    /// The timestamp authority's key.
    public var timestampingKey: String { resolve("tsa/tsa.key") }
    /// The newest checkpoint that enough witnesses have cosigned.
    public var witnessedCheckpoint: String { resolve("log/witnessed.checkpoint") }
    /// The key that signs root and targets of the TUF repository; brought for `mayfly trust renew`.
    public var trustRootKey: String { resolve("trust/root.key") }
    /// The key that the server signs snapshot and timestamp with.
    public var trustOnlineKey: String { resolve("trust/online.key") }
    /// The TUF repository.
    public var trustRepository: String { resolve("trust/tuf") }
    /// The record log's key.
    public var recordLogKey: String { resolve("record-log/log.key") }
    /// The record log's public key, for those who verify.
    public var recordLogPublicKey: String { resolve("record-log/log.pub") }
    /// The record log's database.
    public var recordLogDatabase: String { resolve("record-log.db") }
    /// The database.
    public var database: String { resolve("mayfly.db") }

    /// A path from the configuration: relative ones start in this directory.
    func resolve(_ name: String) -> String {
        name.hasPrefix("/") ? name : "\(path)/\(name)"
    }
}
