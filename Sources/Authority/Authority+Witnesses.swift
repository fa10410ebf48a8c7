import Fetching
import Keys
import Log
import LogStorage
import Settings
import Transparency
public import Witnessing

extension Authority {
    /// Lends the witnesses of a data directory's log to a command, also while a server serves the directory: nothing but
    /// the file of the witnessed checkpoint is written. Throws what reading the configuration, the key and the store
    /// throws, and `.witness`.
    public static func withCosigning<Value: Sendable>(
        _ directory: DataDirectory,
        files: ConfigurationFiles,
        body: (Cosigning) async throws(CosigningError) -> Value
    ) async throws(AuthorityError) -> Value {
        let log = try OwnLogSettings(directory, files: files).log
        let key = try SigningKey.read(log.key, passphrase: try passphrase(log.passphraseFile))
        let store = try log.store.open()
        defer { try? store.close() }
        let fetcher = Fetcher()
        defer { fetcher.shutdown() }
        let cosigning = try cosigning(
            log.witnesses,
            log: WitnessedLog(origin: log.origin, key: key.publicKey),
            reader: LogReader(store: store),
            file: log.witnessedCheckpoint(directory),
            fetcher: fetcher
        )
        guard let cosigning else {
            throw .configuration(
                file: files.main ?? directory.configuration,
                .missing(path: "log.witnesses", line: 1)
            )
        }
        do { return try await body(cosigning) } catch { throw .witness(error) }
    }

    /// The witnesses of our own log; nil when none are configured.
    static func cosigning(
        _ policy: WitnessPolicy?,
        log: WitnessedLog,
        reader: LogReader,
        file: String,
        fetcher: Fetcher,
        everyWitnessMustAnswer: Bool = false
    ) throws(AuthorityError) -> Cosigning? {
        guard var policy else { return nil }
        if everyWitnessMustAnswer {
            policy = WitnessPolicy(
                peers: policy.peers,
                needed: policy.needed,
                timeoutSeconds: policy.timeoutSeconds,
                isRequiredAtStart: true
            )
        }
        var fetchPolicies: [FetchPolicy] = []
        for peer in policy.peers {
            let authorities: FetchPolicy.Authorities =
                if let file = peer.authorities { .only(pem: try FileSystem.read(file)) } else { .system }
            let allowsHTTP = peer.url?.hasPrefix("http://") ?? false
            fetchPolicies.append(FetchPolicy(allowsHTTP: allowsHTTP, authorities: authorities))
        }
        return Cosigning(
            policy,
            fetchPolicies: fetchPolicies,
            log: log,
            path: file,
            environment: Cosigning.Environment(
                head: { () throws(LogError) in try await reader.head() },
                prove: { from, to throws(LogError) in try await reader.consistencyProof(from: from, to: to) },
                fetch: { request throws(FetchError) in try await fetcher.fetch(request) }
            )
        )
    }
}
