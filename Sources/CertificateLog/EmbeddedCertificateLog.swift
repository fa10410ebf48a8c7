public import Certificates
public import Keys
public import Log
import Records
public import Transparency

/// The log in this process: precertificates in RFC 6962 leaves, kept as C2SP static-ct-api wants them.
///
/// A timestamp is signed only for an entry that is durable and covered by a stored checkpoint: the merge delay is zero.
public final class EmbeddedCertificateLog: CertificateLog {
    /// The log's identifier.
    public let logID: LogID
    /// The log's name.
    public let origin: LogOrigin

    /// The log's public key.
    public var publicKey: PublicKey { key.publicKey }
    /// The read side.
    public var reader: LogReader { sequencer.reader }

    let sequencer: Sequencer
    let key: SigningKey
    let chain: CertificateChain
    /// Every CA certificate that an entry may refer to.
    let issuers: [SHA256Digest: Certificate]
    let records: RecordReader
    /// Sixteen wait at most: with a durable write each, a second or so.
    let submissions = Turnstile(waitingMax: 16)
    private let fingerprints: [SHA256Digest]

    /// Makes an empty log in an empty store and opens it. Blocks. Throws `.log`.
    public static func create(
        in store: any LogStore & RecordStore,
        key: SigningKey,
        origin: LogOrigin,
        chain: CertificateChain,
        clock: @escaping @Sendable () -> EntryTimestamp
    ) throws(CertificateLogError) -> EmbeddedCertificateLog {
        let signer = LogCheckpointSigner(key: key, origin: origin)
        do { try Sequencer.create(in: store, signer: signer, clock: clock) } catch { throw .log(error) }
        return try open(store, key: key, origin: origin, chain: chain, clock: clock)
    }

    /// Opens a log after checking what is stored, see ``Log/Sequencer``. Blocks. Throws `.log`.
    ///
    /// `formerIssuers` are the CA certificates of earlier chains: a log must serve every issuer that one of its entries
    /// names (static-ct-api, "Issuers"), and the entries hold their fingerprints only. `pace` is the sequencer's.
    public static func open(
        _ store: any LogStore & RecordStore,
        key: SigningKey,
        origin: LogOrigin,
        chain: CertificateChain,
        formerIssuers: [Certificate] = [],
        clock: @escaping @Sendable () -> EntryTimestamp,
        pace: @escaping Sequencer.Pace = { $0() }
    ) throws(CertificateLogError) -> EmbeddedCertificateLog {
        let signer = LogCheckpointSigner(key: key, origin: origin)
        do {
            let sequencer = try Sequencer.open(
                store,
                signer: signer,
                merkleLeaf: { try TileLeaf(encoded: $0).timestamped.merkleTreeLeaf() },
                clock: clock,
                pace: pace
            )
            return EmbeddedCertificateLog(
                sequencer: sequencer,
                records: RecordReader(store: store),
                key: key,
                origin: origin,
                chain: chain,
                formerIssuers: formerIssuers
            )
        } catch {
            throw .log(error)
        }
    }

    private init(
        sequencer: Sequencer,
        records: RecordReader,
        key: SigningKey,
        origin: LogOrigin,
        chain: CertificateChain,
        formerIssuers: [Certificate]
    ) {
        self.sequencer = sequencer
        self.records = records
        self.key = key
        self.origin = origin
        self.chain = chain
        logID = LogID(of: key.publicKey)
        fingerprints = chain.certificates.map(\.fingerprint)
        issuers = Dictionary(
            (chain.certificates + formerIssuers).map { ($0.fingerprint, $0) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// Appends a precertificate of our own CA, and with it its record and the use of its token; returns when all of it
    /// is durable. Throws `.log` and `.usedUp`.
    public func append(
        _ submission: PrecertificateSubmission
    ) async throws(CertificateLogError) -> SequencedPrecertificate {
        let place = try await append(
            submission.entry,
            precertificate: submission.der,
            chain: fingerprints,
            record: submission.record,
            use: submission.use
        )
        return SequencedPrecertificate(entry: submission.entry, promise: .place(place))
    }

    /// Appends the issuing CA's own certificate: a log's entry 0, for some clients refuse index 0. Throws `.log`.
    public func appendIssuingCertificate() async throws(CertificateLogError) -> LeafIndex {
        let place = try await append(
            .x509(certificate: chain.issuing.der),
            precertificate: nil,
            chain: chain.certificates.count > 1 ? Array(fingerprints.dropFirst()) : fingerprints,
            record: nil,
            use: nil
        )
        return place.index
    }

    /// Signs the promise. CPU work. Throws `.transparency`.
    public func timestamp(
        for sequenced: SequencedPrecertificate
    ) throws(CertificateLogError) -> SignedCertificateTimestamp {
        do throws(TransparencyError) {
            guard case .place(let place) = sequenced.promise else {
                throw .logIDMismatch(expected: logID)
            }
            let entry = TimestampedEntry(
                timestamp: place.timestamp,
                entry: sequenced.entry,
                extensions: try SCTExtensions(leafIndex: place.index)
            )
            return try SignedCertificateTimestamp(signing: entry, with: key)
        } catch {
            throw .transparency(error)
        }
    }

    /// Returns when the store can be written. Throws `.log`.
    public func checkReady() async throws(CertificateLogError) {
        do { try await sequencer.checkReady() } catch { throw .log(error) }
    }

    /// Now, as the log would have it; in memory. Throws `.log` with `.clockBehind` where an entry would be refused.
    public func now() throws(CertificateLogError) -> EntryTimestamp {
        do { return try sequencer.now() } catch { throw .log(error) }
    }

    /// How many entries the log has; nil when the store can't be read.
    public func size() async -> TreeSize? {
        try? await sequencer.reader.head().tree.size
    }

    /// Finishes what was accepted; takes nothing more.
    public func close() async {
        await sequencer.close()
    }

    func append(
        _ entry: CertificateEntry,
        precertificate: [UInt8]?,
        chain: [SHA256Digest],
        record: IssuanceRecord?,
        use: UseLimit?
    ) async throws(CertificateLogError) -> SequencedEntry {
        let logEntry = LogEntry(record: record, use: use) { index, timestamp in
            let timestamped = TimestampedEntry(
                timestamp: timestamp,
                entry: entry,
                extensions: try SCTExtensions(leafIndex: index)
            )
            let leaf = TileLeaf(timestamped: timestamped, precertificate: precertificate, chain: chain)
            return LogLeaf(merkleLeaf: try timestamped.merkleTreeLeaf(), stored: try leaf.encoded())
        }
        do { return try await sequencer.append(logEntry) } catch {
            if case .usedUp(let uses) = error { throw .usedUp(uses: uses) }
            throw .log(error)
        }
    }
}
