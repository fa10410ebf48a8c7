import Keys
import Synchronization
import TestKit
import Testing

@testable import Identity

/// An issuer whose key changes, and its tokens at a verifier, by a clock that the test sets.
private final class ChangingIssuer: Sendable {
    /// A token of a key that is no longer the issuer's, and when it ceased to be.
    struct Retired {
        let token: [UInt8]
        let at: Int64
    }

    private struct State {
        var rotations = 0
        var verified = 0
        var retired: [Retired] = []
        var isOver = false
    }

    static let lifetimeSeconds: Int64 = 300

    private let test: TestVerifier
    private let isNamed: Bool
    private let now: @Sendable () -> Int64
    private let state = Mutex(State())

    /// Whether tokens name their key.
    init(isNamed: Bool, now: @escaping @Sendable () -> Int64) throws {
        test = try TestVerifier(clock: now)
        self.isNamed = isNamed
        self.now = now
    }

    var verified: Int { state.withLock { $0.verified } }
    var isOver: Bool { state.withLock { $0.isOver } }
    var lastRetired: Retired? { state.withLock { $0.retired.last } }

    func end() { state.withLock { $0.isOver = true } }

    func rotate() throws {
        let key = try SigningKey.generate(.p256)
        let old = try token()
        state.withLock { state in
            state.rotations += 1
            test.issuer.rotate(to: [.init(id: "\(state.rotations)", algorithm: "ES256", signingKey: key)])
            state.retired.append(Retired(token: old, at: now()))
        }
    }

    private func token() throws -> [UInt8] {
        try test.issuer.token(claims: TestVerifier.claims(), header: isNamed ? nil : #"{"alg":"ES256"}"#)
    }

    func refusalOf(_ token: [UInt8]) async -> IdentityError? {
        await refusal { () throws(IdentityError) in try await test.identity(token) }
    }

    /// A token by the issuer's key must be accepted, unless the key ended meanwhile.
    func verifyValid() async throws {
        let before = state.withLock { $0.rotations }
        let error = await refusalOf(try token())
        let isStill = state.withLock { state in
            state.verified += 1
            return state.rotations == before
        }
        if isStill { #expect(error == nil) }
    }

    /// A token by an ended key must be refused once the key's lifetime is over.
    func verifyRetired(_ generator: inout SeededGenerator) async {
        let retired = state.withLock { $0.retired.randomElement(using: &generator) }
        let before = now()
        guard let retired, await refusalOf(retired.token) == nil else { return }
        #expect(before - retired.at <= Self.lifetimeSeconds)
    }
}

@Suite("OIDC-43: keys that change while tokens are verified")
struct RotationUnderLoadTests {
    @Test(
        "ten rotations under sixteen callers: no valid token is refused, no retired key outlives jwks-lifetime",
        arguments: [true, false]
    )
    func rotationIsSafe(isNamed: Bool) async throws {
        let clock = Atomic<Int64>(0)
        let issuer = try ChangingIssuer(isNamed: isNamed) { clock.load(ordering: .relaxed) }
        try await withThrowingTaskGroup { group in
            for seed: UInt64 in 0..<16 {
                group.addTask {
                    var generator = SeededGenerator(seed: seed)
                    while !issuer.isOver {
                        try await issuer.verifyValid()
                        await issuer.verifyRetired(&generator)
                        // With warm keys nothing suspends, and few threads would serve the same few callers for ever.
                        await Task.yield()
                    }
                }
            }
            for _ in 0..<10 {
                // Each key is verified with before it ends.
                let begin = issuer.verified
                while issuer.verified < begin + 32 { await Task.yield() }
                try issuer.rotate()
                clock.add(40, ordering: .relaxed)
            }
            issuer.end()
            try await group.waitForAll()
        }
        // Only the last retired key's token is shown now: nothing but its age ends it.
        let last = try #require(issuer.lastRetired)
        clock.store(last.at + ChangingIssuer.lifetimeSeconds + 1, ordering: .relaxed)
        #expect(await issuer.refusalOf(last.token) != nil)
    }
}
