public import Keys

/// How many entries may come from one token. The log counts them in the transaction that adds the entry, so neither a
/// restart nor a second process gives a use back.
public struct UseLimit: Sendable, Hashable {
    /// What is counted. The expiry is a part of it: rows lie in its order, so a new one is beside the last, and those
    /// that may be forgotten are found without an index.
    public struct Key: Sendable, Hashable {
        /// Names the token; the caller says how.
        public let digest: SHA256Digest
        /// The token's `exp` in seconds since 1970. A day after that the count is forgotten: whoever asks has refused
        /// the token before.
        public let expirySeconds: Int64

        /// Puts the parts together.
        public init(digest: SHA256Digest, expirySeconds: Int64) {
            self.digest = digest
            self.expirySeconds = expirySeconds
        }
    }

    /// What is counted.
    public let key: Key
    /// How many entries may carry the key; nil when they are counted only.
    public let usesMax: Int?

    /// Allows `usesMax` entries with this key.
    public init(key: SHA256Digest, usesMax: Int?, expirySeconds: Int64) {
        self.key = Key(digest: key, expirySeconds: expirySeconds)
        self.usesMax = usesMax
    }

    /// The number of the next use, counted from 1; nil when `uses` are all.
    public func next(after uses: Int) -> Int? {
        uses < usesMax ?? .max ? uses + 1 : nil
    }
}
