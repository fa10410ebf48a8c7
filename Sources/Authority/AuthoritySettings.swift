public import Audit
public import Identity
public import Issuance
public import Policy
public import Transparency
public import TrustRoot
public import Witnessing

/// The validated configuration: what `mayfly.yaml` says, with every default filled in.
public struct AuthoritySettings: Sendable {
    /// Where the CA's chain and key are.
    public struct CA: Sendable, Equatable {
        /// The chain's file, issuing certificate first.
        public let chain: String
        /// The key's file.
        public let key: String
        /// The file with the key's passphrase, where it has one.
        public let passphraseFile: String?
    }

    /// The log that certificates go into.
    public enum CertificateLogChoice: Sendable, Equatable {
        /// Our own, in the data directory.
        case embedded(EmbeddedLog)
        /// Another's, over the network.
        case remote(RemoteLog)
    }

    /// Where the embedded log's parts are.
    public struct EmbeddedLog: Sendable, Equatable {
        /// Which of the log's shards it is, from 1.
        public let number: Int
        /// The key's file.
        public let key: String
        /// The file with the key's passphrase, where it has one.
        public let passphraseFile: String?
        /// The log's name in its checkpoints.
        public let origin: LogOrigin
        /// Where it is kept.
        public let store: LogStoreChoice
        /// Files with the CA certificates of earlier chains, which entries in the log still name.
        public let formerChains: [String]
        /// Whether each certificate comes with the proof that the log holds it.
        public let givesReceipts: Bool
        /// Who cosigns its checkpoints; nil for nobody.
        public let witnesses: WitnessPolicy?
    }

    /// How to reach another's log; `RemoteLogSettings` once its files have been read.
    public struct RemoteLog: Sendable, Equatable {
        /// Its URL.
        public let url: String
        /// The file with its public key.
        public let publicKey: String
        /// The file with the CAs that may have signed its TLS certificate.
        public let authorities: String?
        /// The `Host` header, where it differs from the URL's host.
        public let hostHeader: String?
        /// How long a submission may take with all its retries, in seconds.
        public let deadlineSeconds: Int
    }

    /// What is kept of each decision, and where.
    public struct Records: Sendable, Equatable {
        /// How subjects are kept.
        public let subjects: SubjectRecording
        /// The database's file, where the log is another's; our own log has them in its own.
        public let database: String
    }

    /// Where to listen.
    public let listen: ListenAddress
    /// Where clients reach the server: scheme, host and port, no path.
    public let baseURL: ServiceURL
    /// The CA.
    public let ca: CA
    /// The log.
    public let log: CertificateLogChoice
    /// The record log; nil for none.
    public let recordLog: RecordLog?
    /// The timestamp authority; nil for none.
    public let timestamping: Timestamping?
    /// The issuers of tokens.
    public let identity: IdentitySettings
    /// Who among them may have a certificate.
    public let policy: IssuancePolicy
    /// What is kept of each decision.
    public let records: Records
    /// Where a line for each decision goes; nil for nowhere.
    public let audit: AuditSettings?
    /// What clients may prove possession with.
    public let clientSigningAlgorithms: Set<ClientSigningAlgorithm>
    /// What a request may cost.
    public let limits: AuthorityLimits
    /// The TUF repository; nil for none.
    public let trust: Trust?
}

extension AuthoritySettings {
    /// The sections in which these settings differ from those that were opened, and which a reload doesn't exchange.
    func sectionsToRestartFor(after opened: AuthoritySettings) -> [String] {
        [
            ("listen", listen == opened.listen), ("ca", ca == opened.ca), ("log", log == opened.log),
            ("limits", limits == opened.limits), ("records", records.database == opened.records.database),
            ("audit", audit == opened.audit), ("base-url", baseURL == opened.baseURL), ("trust", trust == opened.trust),
            ("record-log", recordLog == opened.recordLog),
            ("timestamping", timestamping == opened.timestamping),
        ].filter { !$0.1 }.map(\.0)
    }
}
