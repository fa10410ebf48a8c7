import Settings
import TestKit
import Testing

@testable import Policy

@Suite("Buckets, on a stepped clock")
struct TokenBucketTests {
    private func limit(_ rate: String, _ burst: Int) throws -> RateLimit {
        try RateLimit(SettingsNode.parse("{rate: \(rate), burst: \(burst)}"))
    }

    @Test(
        "each unit of a rate is exact",
        arguments: [("1/s", 1000), ("3/s", 334), ("100/m", 600), ("7/h", 514_286), ("1/d", 86_400_000)]
            as [(String, Int64)]
    )
    func waitIsRoundedUpToTheMillisecond(rate: String, milliseconds: Int64) throws {
        let limit = try limit(rate, 1)
        var bucket = TokenBucket(limit, now: 5)
        bucket.take()
        #expect(bucket.waitMilliseconds == milliseconds)
        bucket.fill(limit, now: 5 + milliseconds - 1)
        #expect(bucket.waitMilliseconds == 1)
        bucket.fill(limit, now: 5 + milliseconds)
        #expect(bucket.waitMilliseconds == 0)
    }

    @Test("a bucket is what fractions say it is, and never gives more than burst and time allow")
    func agreesWithTheModel() throws {
        var random = SeededGenerator(seed: 12)
        let units = [("s", 1000.0), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)]
        for _ in 0..<300 {
            let (unit, milliseconds) = units.randomElement(using: &random) ?? ("s", 1000)
            let count = Int.random(in: 1...50, using: &random)
            let burst = Int.random(in: 1...20, using: &random)
            let limit = try limit("\(count)/\(unit)", burst)
            var now = Int64.random(in: 0...1_000_000, using: &random)
            let start = now
            var bucket = TokenBucket(limit, now: now)
            var model = Double(burst)
            var taken = 0
            for _ in 0..<200 {
                let step = Int64.random(in: 0...Int64(milliseconds / Double(count) * 3), using: &random)
                now += step
                bucket.fill(limit, now: now)
                model = min(Double(burst), model + Double(step) * Double(count) / milliseconds)
                // At the edge itself fractions are rounded, and the bucket is not.
                if abs(model - 1) > 1e-6 { #expect((bucket.waitMilliseconds == 0) == (model >= 1)) }
                if bucket.waitMilliseconds == 0 {
                    bucket.take()
                    model -= 1
                    taken += 1
                } else {
                    var later = bucket
                    later.fill(limit, now: now + bucket.waitMilliseconds - 1)
                    #expect(later.waitMilliseconds == 1)
                    later.fill(limit, now: now + bucket.waitMilliseconds)
                    #expect(later.waitMilliseconds == 0)
                }
                let bound = Double(burst) + Double(now - start) * Double(count) / milliseconds
                #expect(Double(taken) <= bound + 1e-6)
            }
            var full = bucket
            full.fill(limit, now: bucket.fullAt)
            #expect(full.fullAt == bucket.fullAt)
        }
    }

    @Test("invariant 3: a new limit applies at once, and no change of limits fills a bucket")
    func changeOfLimitsGivesNothing() throws {
        let (slow, fast) = (try limit("1/h", 2), try limit("1000/s", 50))
        for (old, new) in [(slow, fast), (fast, slow)] {
            var bucket = TokenBucket(old, now: 0)
            bucket.take()
            bucket.take()
            while bucket.waitMilliseconds == 0 { bucket.take() }
            // An hour at the slower rate gives one, whichever of them was in force.
            bucket.fill(new, now: 3_600_000)
            #expect(bucket.waitMilliseconds == 0)
            bucket.take()
            #expect(bucket.waitMilliseconds > 0)
        }
        var bucket = TokenBucket(slow, now: 0)
        bucket.take()
        bucket.fill(fast, now: 0)
        bucket.take()
        #expect(bucket.waitMilliseconds == 1)
        bucket.fill(fast, now: 1)
        #expect(bucket.waitMilliseconds == 0)

        // A smaller burst takes away, and the larger one doesn't give it back.
        var other = TokenBucket(fast, now: 0)
        other.fill(slow, now: 0)
        other.fill(fast, now: 0)
        other.take()
        other.take()
        #expect(other.waitMilliseconds > 0)
    }

    @Test func clockThatGoesBackStandsStill() throws {
        let limit = try limit("1/s", 1)
        var bucket = TokenBucket(limit, now: 10_000)
        bucket.take()
        bucket.fill(limit, now: 0)
        #expect(bucket.waitMilliseconds == 1000)
        bucket.fill(limit, now: 10_999)
        #expect(bucket.waitMilliseconds == 1)
    }

    @Test func extremeTimesDoNotTrap() throws {
        for limit in [try limit("1/d", 1_000_000), try limit("1000000/s", 1_000_000)] {
            var bucket = TokenBucket(limit, now: .min)
            bucket.take()
            #expect(bucket.fullAt < 0)
            bucket.fill(limit, now: .max)
            #expect(bucket.waitMilliseconds == 0)
            bucket.take()
            #expect(bucket.fullAt == .max)
            bucket.fill(limit, now: .min)
        }
    }
}
