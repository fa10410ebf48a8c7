public import Transparency

/// What a record log says about one of its entries (`TransparencyLogEntry` of `sigstore_rekor.proto`).
///
/// ```
/// message TransparencyLogEntry {
///   int64 log_index = 1;  LogId log_id = 2;  KindVersion kind_version = 3;  int64 integrated_time = 4;
///   InclusionPromise inclusion_promise = 5;  InclusionProof inclusion_proof = 6;  bytes canonicalized_body = 7;
/// }
/// message InclusionProof {
///   int64 log_index = 1;  bytes root_hash = 2;  int64 tree_size = 3;  repeated bytes hashes = 4;
///   Checkpoint checkpoint = 5;               string envelope = 1;
/// }
/// ```
public struct LogEntry: Sendable, Equatable {
    /// The entry's place in the log, over all its shards.
    public let index: LeafIndex
    /// Which log: the key's hash, as a trusted root gives it.
    public let logID: [UInt8]
    /// What kind of entry.
    public let kind: EntryKind
    /// When the log took it, in seconds since 1970, as a Rekor v1 log says; zero for none.
    public let integratedSeconds: Int64
    /// A Rekor v1 log's promise: the signature over body, index and time.
    public let promise: [UInt8]?
    /// The proof that it is in the log.
    public let inclusion: Inclusion?
    /// The leaf.
    public let body: [UInt8]

    /// Puts the parts together; nothing is verified.
    public init(
        index: LeafIndex,
        logID: [UInt8],
        kind: EntryKind,
        integratedSeconds: Int64,
        promise: [UInt8]?,
        inclusion: Inclusion?,
        body: [UInt8]
    ) {
        self.index = index
        self.logID = logID
        self.kind = kind
        self.integratedSeconds = integratedSeconds
        self.promise = promise
        self.inclusion = inclusion
        self.body = body
    }

    /// The way from an entry to a signed tree.
    public struct Inclusion: Sendable, Equatable {
        /// The entry's place in the tree: in this shard.
        public let index: LeafIndex
        /// The tree's size; zero when it wasn't written. The checkpoint's counts.
        public let size: TreeSize
        /// The tree's root; nil when it wasn't written. The checkpoint's counts.
        public let root: MerkleHash?
        /// The siblings on the way, lowest first.
        public let path: [MerkleHash]
        /// The signed checkpoint (C2SP tlog-checkpoint).
        public let checkpoint: [UInt8]

        /// Puts the parts together; nothing is verified.
        public init(index: LeafIndex, size: TreeSize, root: MerkleHash?, path: [MerkleHash], checkpoint: [UInt8]) {
            self.index = index
            self.size = size
            self.root = root
            self.path = path
            self.checkpoint = checkpoint
        }
    }
}
