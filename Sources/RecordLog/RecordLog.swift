public import Keys
public import Log
import Synchronization
public import Transparency

/// The log of signatures: Rekor's part, for whoever signs with a certificate that will have expired.
///
/// An entry is answered for only when it is durable and covered by a stored checkpoint; its proof is of that tree.
public final class RecordLog: Sendable {
    /// The log's name in its checkpoints: the host of its clients' base URL, for they look for that.
    public let origin: LogOrigin
    /// SHA-256 of the public key, which names the log in answers and trust roots. Of an ECDSA key it is the checkpoints'
    /// key identifier as well.
    public let logID: LogID
    /// The log's public key.
    public var publicKey: PublicKey { key.publicKey }
    /// Entries, tiles and head.
    public var reader: LogReader { sequencer.reader }

    let sequencer: Sequencer
    let key: SigningKey
    /// The newest head that ``verifiedHead()`` has verified: each costs one verification.
    let headVerified = Mutex<StoredHead?>(nil)

    /// Makes a log in an empty store, with a first entry of its own: some clients' bundles lose an index 0 and an empty
    /// proof, so no client's entry may have them. Throws `.log`.
    public static func create(
        in store: any LogStore,
        key: SigningKey,
        origin: LogOrigin,
        clock: @escaping @Sendable () -> EntryTimestamp
    ) async throws(RecordLogError) -> RecordLog {
        do throws(LogError) {
            try Sequencer.create(in: store, signer: RecordCheckpointSigner(key: key, origin: origin), clock: clock)
        } catch {
            throw .log(error)
        }
        let log = try open(store, key: key, origin: origin, clock: clock)
        _ = try await log.append(try HashedRekord.genesis(of: key.publicKey))
        return log
    }

    /// Opens a log after checking what is stored, see ``Log/Sequencer``. Blocks. `pace` is the sequencer's. Throws `.log`.
    public static func open(
        _ store: any LogStore,
        key: SigningKey,
        origin: LogOrigin,
        clock: @escaping @Sendable () -> EntryTimestamp,
        pace: @escaping Sequencer.Pace = { $0() }
    ) throws(RecordLogError) -> RecordLog {
        do throws(LogError) {
            let sequencer = try Sequencer.open(
                store,
                signer: RecordCheckpointSigner(key: key, origin: origin),
                merkleLeaf: { try RecordBody.bytes(of: $0) },
                clock: clock,
                pace: pace
            )
            return RecordLog(sequencer: sequencer, key: key, origin: origin)
        } catch {
            throw .log(error)
        }
    }

    private init(sequencer: Sequencer, key: SigningKey, origin: LogOrigin) {
        self.sequencer = sequencer
        self.key = key
        self.origin = origin
        logID = LogID(of: key.publicKey)
    }

    /// Appends an entry that the log doesn't have yet; returns when it is durable, found by its keys, and covered by a
    /// checkpoint. Throws `.duplicate`, `.log` and `.transparency`.
    public func append(_ body: RecordBody, keys: Set<SearchKey> = []) async throws(RecordLogError) -> ProvenRecord {
        let leaf = LogLeaf(merkleLeaf: body.bytes, stored: body.stored)
        let place: SequencedEntry
        do throws(LogError) {
            place = try await sequencer.append(LogEntry(uniqueHash: body.leafHash, keys: keys) { _, _ in leaf })
        } catch {
            if case .duplicate(let index) = error { throw .duplicate(of: index) }
            throw .log(error)
        }
        guard let (proof, checkpoint) = place.inclusion() else { throw .log(.outsideLog) }
        let record = LoggedRecord(
            index: place.index,
            timestamp: place.timestamp,
            body: body.bytes,
            leafHash: body.leafHash
        )
        do { return try ProvenRecord(record, proof: proof, checkpoint: checkpoint) } catch {
            throw .transparency(error)
        }
    }

    /// Returns when the store can be written. Throws `.log`.
    public func checkReady() async throws(RecordLogError) {
        do { try await sequencer.checkReady() } catch { throw .log(error) }
    }

    /// How many entries the log has; nil when the store can't be read.
    public func size() async -> TreeSize? {
        try? await reader.head().tree.size
    }

    /// Finishes what was accepted; takes nothing more.
    public func close() async {
        await sequencer.close()
    }
}
