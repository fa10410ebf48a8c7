import Synchronization
import Testing

@testable import CertificateLog

@Suite("Turnstile: one at a time")
struct TurnstileTests {
    private final class Order: Sendable {
        let numbers = Mutex<[Int]>([])
    }

    @Test
    func oneWhoWouldWaitAsOneTooManyIsTurnedAwayAndTheOthersGoInOrder() async throws {
        let turnstile = Turnstile(waitingMax: 2)
        let order = Order()
        let (gate, opener) = AsyncStream.makeStream(of: Void.self)
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<3 {
                group.addTask {
                    try? await turnstile.pass { () async throws(CertificateLogError) in
                        if number == 0 { for await _ in gate {} }
                        order.numbers.withLock { $0.append(number) }
                    }
                }
                while turnstile.presentCount <= number { await Task.yield() }
            }
            await #expect(throws: CertificateLogError.log(.busy)) { try await turnstile.pass {} }
            opener.finish()
        }
        #expect(order.numbers.withLock { $0 } == [0, 1, 2])
        try await turnstile.pass {}
        #expect(turnstile.presentCount == 0)
    }

    @Test
    func oneWhoFailsLetsTheNextThrough() async throws {
        let turnstile = Turnstile(waitingMax: 0)
        await #expect(throws: CertificateLogError.log(.full)) {
            try await turnstile.pass { () async throws(CertificateLogError) in throw .log(.full) }
        }
        try await turnstile.pass {}
    }
}
