import Settings
import TestKit
import Testing

@testable import Policy

@Suite("OIDC-48: limits of rate")
struct RateLimiterTests {
    private static let both = """
        limits:
          issuer: {rate: 60/m, burst: 3}
          subject: {rate: 6/m, burst: 2}
        """

    @Test func eachSubjectHasItsOwnLimit() throws {
        let policy = try TestPolicy("limits: {subject: {rate: 6/m, burst: 2}}")
        #expect(try policy.refusal(subject: "alice") == nil)
        #expect(try policy.refusal(subject: "alice") == nil)
        #expect(try policy.refusal(subject: "alice") == .subjectLimited(retryAfterSeconds: 10))
        #expect(try policy.refusal(subject: "alice", now: 9_001) == .subjectLimited(retryAfterSeconds: 1))
        #expect(try policy.refusal(subject: "bob", now: 9_001) == nil)
        #expect(try policy.refusal(subject: "alice", now: 10_000) == nil)
        #expect(try policy.refusal(subject: "alice", now: 10_000) == .subjectLimited(retryAfterSeconds: 10))
    }

    @Test func allSubjectsShareTheIssuersLimit() throws {
        let policy = try TestPolicy(Self.both)
        for subject in ["a", "b", "c"] { #expect(try policy.refusal(subject: subject) == nil) }
        #expect(try policy.refusal(subject: "d") == .issuerLimited(retryAfterSeconds: 1))
        #expect(try policy.refusal(subject: "d", now: 1000) == nil)
    }

    @Test("a request that one limit refuses uses up nothing of the other")
    func bothAreTakenOrNone() throws {
        let policy = try TestPolicy(Self.both)
        for _ in 0..<2 { #expect(try policy.refusal(subject: "alice") == nil) }
        for _ in 0..<9 { #expect(try policy.refusal(subject: "alice") == .subjectLimited(retryAfterSeconds: 10)) }
        #expect(try policy.refusal(subject: "bob") == nil)
        for _ in 0..<9 { #expect(try policy.refusal(subject: "bob") == .issuerLimited(retryAfterSeconds: 1)) }
        for now in [1000, 2000] as [Int64] {
            #expect(try policy.refusal(subject: now == 1000 ? "bob" : "c", now: now) == nil)
        }
    }

    @Test("of two waits the longer one is told")
    func longerWaitIsTold() throws {
        let policy = try TestPolicy("limits: {issuer: {rate: 1/d, burst: 1}, subject: {rate: 1/h, burst: 1}}")
        #expect(try policy.refusal() == nil)
        #expect(try policy.refusal() == .issuerLimited(retryAfterSeconds: 86_400))
    }

    @Test func whatTheRulesDenyIsNotCounted() throws {
        let policy = try TestPolicy(
            "rules: {default: deny, list: [{id: a, allow: {c: 1}}]}\nlimits: {issuer: {rate: 1/h, burst: 1}}"
        )
        for _ in 0..<3 { #expect(try policy.refusal() == .denied(rule: nil)) }
        #expect(try policy.refusal(#"{"c":1}"#) == nil)
        #expect(try policy.refusal(#"{"c":1}"#) == .issuerLimited(retryAfterSeconds: 3600))
    }

    @Test func reportModeStillCounts() throws {
        let policy = try TestPolicy(
            "rules: {mode: report, default: deny, list: []}\nlimits: {issuer: {rate: 1/h, burst: 1}}"
        )
        #expect(try policy.permit().isOnlyReported)
        #expect(try policy.refusal() == .issuerLimited(retryAfterSeconds: 3600))
    }

    @Test func bucketsSurviveAReload() throws {
        let old = try TestPolicy(Self.both)
        for subject in ["a", "a", "b"] { #expect(try old.refusal(subject: subject) == nil) }
        let new = try TestPolicy(Self.both.replacing("6/m", with: "6/h"), limiter: old.limiter)
        #expect(try new.refusal(subject: "a") == .subjectLimited(retryAfterSeconds: 600))
        #expect(try new.refusal(subject: "b") == .issuerLimited(retryAfterSeconds: 1))
    }

    @Test("issuer and subject don't run into one another")
    func keysAreSeparate() throws {
        let policy = try TestPolicy("limits: {subject: {rate: 1/h, burst: 1}}")
        for (issuer, subject) in [("https://a", "b"), ("https://ab", ""), ("https://", "ab")] {
            _ = try policy.policy.permit(
                policy.entry,
                issuer: issuer,
                subject: subject,
                claims: .parse(Array("{}".utf8)),
                limiter: policy.limiter,
                now: 0
            )
        }
    }
}

@Suite("The table of buckets")
struct BucketTableTests {
    private let limit = RateLimit(
        gain: RateLimit.partsPerCertificate / 1000,
        capacity: 3 * RateLimit.partsPerCertificate
    )

    @Test("it answers as a table without end does, as long as there is room for those who aren't full")
    func forgetsOnlyWhatIsFull() {
        var random = SeededGenerator(seed: 5)
        var table = BucketTable<Int>(countMax: 64)
        var model: [Int: TokenBucket] = [:]
        var now: Int64 = 0
        for _ in 0..<50_000 {
            // At most one new subject in 100 ms, each full again after at most 3 s: never more than 64 at once.
            now += Int64.random(in: 100...200, using: &random)
            let key = Int.random(in: 0..<200, using: &random)
            var expected = model[key] ?? TokenBucket(limit, now: now)
            expected.fill(limit, now: now)
            var bucket = table.bucket(key, limit, now: now)
            #expect(bucket.waitMilliseconds == expected.waitMilliseconds && bucket.fullAt == max(now, expected.fullAt))
            guard bucket.waitMilliseconds == 0 else { continue }
            bucket.take()
            expected.take()
            table.update(key, bucket, now: now)
            model[key] = expected
            #expect(table.count <= 64)
        }
        #expect(table.count < 40)
    }

    @Test("without room, the bucket that is full first goes; who is most limited stays limited")
    func floodDoesNotFreeTheGuilty() {
        var table = BucketTable<Int>(countMax: 100)
        var guilty = table.bucket(-1, limit, now: 0)
        for _ in 0..<3 { guilty.take() }
        table.update(-1, guilty, now: 0)
        for key in 0..<10_000 {
            var bucket = table.bucket(key, limit, now: 0)
            bucket.take()
            table.update(key, bucket, now: 0)
            #expect(table.count <= 100)
        }
        #expect(table.bucket(-1, limit, now: 0).waitMilliseconds == 1000)
    }
}
