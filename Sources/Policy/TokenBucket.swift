/// What is left of a limit: filled by time up to its capacity, emptied by certificates.
///
/// Invariants:
/// 1. Within one limit, from a full bucket, at most `burst + rate × time` certificates are taken in any time.
/// 2. A bucket that is full answers as a new one does.
/// 3. Another limit counts from the first look at the bucket. What was left stays left, or becomes the new capacity if
///    that is less; the time since the last look fills it as the slower of both limits would.
struct TokenBucket: Sendable {
    private var limit: RateLimit
    private var level: Int64
    private var updatedAt: Int64

    /// A full bucket.
    init(_ limit: RateLimit, now: Int64) {
        self.limit = limit
        level = limit.capacity
        updatedAt = now
    }

    /// Fills it for the time that has passed. A clock that seems to go back stands still.
    mutating func fill(_ new: RateLimit, now: Int64) {
        if now > updatedAt {
            let (elapsed, isLong) = now.subtractingReportingOverflow(updatedAt)
            let (gained, isMore) = elapsed.multipliedReportingOverflow(by: min(limit.gain, new.gain))
            let room = max(0, min(limit.capacity, new.capacity) - level)
            level += isLong || isMore ? room : min(room, gained)
            updatedAt = now
        }
        level = min(level, new.capacity)
        limit = new
    }

    /// Milliseconds until one certificate can be taken; 0 if it can now.
    var waitMilliseconds: Int64 {
        time(toReach: RateLimit.partsPerCertificate)
    }

    /// Takes one certificate, which must be there.
    mutating func take() {
        level = max(0, level - RateLimit.partsPerCertificate)
    }

    /// When it is full again, on the clock that it is filled by.
    var fullAt: Int64 {
        let (time, isLate) = updatedAt.addingReportingOverflow(time(toReach: limit.capacity))
        return isLate ? .max : time
    }

    private func time(toReach wanted: Int64) -> Int64 {
        let missing = wanted - level
        return missing <= 0 ? 0 : (missing - 1) / limit.gain + 1
    }
}
