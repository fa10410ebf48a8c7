import Keys

/// Which serial numbers have been seen: 64 bits of each, and so of bounded size. Two different numbers are taken for one
/// with a probability of 2^-64 for each pair.
///
/// Two sets take turns: when the newer is full, the older is forgotten. So a repetition is found when fewer than
/// ``generationMax`` entries lie between, and perhaps when more do.
public struct SerialMemory: Sendable {
    /// Entries after which a serial number may be forgotten.
    public static let generationMax = 1 << 21

    private let generationMax: Int
    private var older: Set<UInt64> = []
    private var newer: Set<UInt64> = []
    /// What has been noted since the last time somebody asked; nil when nobody will.
    private var fresh: [UInt64]?

    /// Remembers nothing yet.
    public init() {
        self.init(isStored: false)
    }

    /// With `isStored` whoever stores it asks for what is new: eight bytes of memory for each until then.
    init(isStored: Bool, generationMax: Int = SerialMemory.generationMax) {
        self.generationMax = max(1, generationMax)
        fresh = isStored ? [] : nil
    }

    /// Notes a serial number; false when it has been seen.
    public mutating func insert(_ key: UInt64) -> Bool {
        if older.contains(key) { return false }
        guard newer.insert(key).inserted else { return false }
        fresh?.append(key)
        if newer.count >= generationMax {
            older = newer
            newer = []
        }
        return true
    }

    /// What was noted since the last call.
    mutating func takeFresh() -> [UInt64] {
        defer { fresh = fresh.map { _ in [] } }
        return fresh ?? []
    }

    /// What stands for a serial number: one CA's may be there once only.
    static func key(issuerKeyHash: SHA256Digest, serial: [UInt8]) -> UInt64 {
        SHA256Digest(hashing: [issuerKeyHash.bytes, serial]).bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
