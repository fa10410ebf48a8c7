import Keys
import Synchronization

/// Counts certificates per issuer's entry and per subject. ``TokenBucket`` has the rules.
///
/// It knows entries by their place in the configuration's text, and so outlives a configuration: the same limiter serves
/// the next ``IssuancePolicy``, and nobody gets a full bucket from a reload. It forgets everything when the process ends.
public final class RateLimiter: Sendable {
    /// The most issuers' entries that are remembered; more than a configuration has.
    static let entriesMax = 100_000
    /// The most subjects that are remembered.
    static let subjectsMax = 100_000

    private struct State {
        var entries = BucketTable<String>(countMax: entriesMax)
        var subjects = BucketTable<SHA256Digest>(countMax: subjectsMax)
    }

    private let state = Mutex(State())

    /// Makes a limiter with all buckets full.
    public init() {}

    /// Takes one certificate of both limits, or of none. Throws `.issuerLimited` and `.subjectLimited`: the one with the
    /// longer wait.
    func take(_ limits: IssuanceLimits, issuer: String, subject: String, now: Int64) throws(PolicyError) {
        let key = limits.subject.map { _ in Self.key(limits.entry, issuer, subject) }
        let refusal = state.withLock { state -> PolicyError? in
            let ofEntry = limits.issuer.map { state.entries.bucket(limits.entry, $0, now: now) }
            let ofSubject = limits.subject.flatMap { limit in key.map { state.subjects.bucket($0, limit, now: now) } }
            let issuerWait = ofEntry?.waitMilliseconds ?? 0
            let subjectWait = ofSubject?.waitMilliseconds ?? 0
            // A look in vain counts as one: the limit that it was made with is in force from now on.
            if issuerWait > 0, let ofEntry { state.entries.update(limits.entry, ofEntry, now: now) }
            if subjectWait > 0, let ofSubject, let key { state.subjects.update(key, ofSubject, now: now) }
            if subjectWait > 0, subjectWait >= issuerWait {
                return .subjectLimited(retryAfterSeconds: Self.seconds(subjectWait))
            }
            if issuerWait > 0 { return .issuerLimited(retryAfterSeconds: Self.seconds(issuerWait)) }
            if var bucket = ofEntry {
                bucket.take()
                state.entries.update(limits.entry, bucket, now: now)
            }
            if var bucket = ofSubject, let key {
                bucket.take()
                state.subjects.update(key, bucket, now: now)
            }
            return nil
        }
        if let refusal { throw refusal }
    }

    /// Subjects may be long, and are nobody's business: only a hash is kept.
    /// Each entry of an issuer has a limit of its own.
    private static func key(_ entry: String, _ issuer: String, _ subject: String) -> SHA256Digest {
        // No entry's place and no token's issuer has a NUL in it, so two of three never make one text.
        var text: [UInt8] = []
        text.reserveCapacity(entry.utf8.count + issuer.utf8.count + subject.utf8.count + 2)
        for part in [entry, issuer] {
            text.append(contentsOf: part.utf8)
            text.append(0)
        }
        text.append(contentsOf: subject.utf8)
        return SHA256Digest(hashing: text)
    }

    private static func seconds(_ milliseconds: Int64) -> Int {
        Int((milliseconds - 1) / 1000 + 1)
    }
}
