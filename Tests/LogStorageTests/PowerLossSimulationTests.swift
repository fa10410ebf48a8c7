import Foundation
import Testing

/// By seed: what is done, how the disk fails, when power goes and what is then left. A run of more of them:
/// `MAYFLY_POWER_LOSS_SEEDS=10000`, from `MAYFLY_POWER_LOSS_FIRST`.
@Suite("Only what was synced survives a loss of power, of the rest anything: no promise is broken")
struct PowerLossSimulationTests {
    private static func number(_ name: String, else usual: UInt64) -> UInt64 {
        ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) } ?? usual
    }

    @Test func everyPromiseIsKept() async throws {
        let first = Self.number("MAYFLY_POWER_LOSS_FIRST", else: 0)
        let seeds = first..<first + Self.number("MAYFLY_POWER_LOSS_SEEDS", else: 1000)
        // Empty, nearly a full tile, and a few tiles.
        var bases: [[String: [UInt8]]] = []
        for entryCount in [0, 250, 520] { bases.append(try await LogLives.files(entryCount: entryCount)) }
        await withTaskGroup(of: Void.self) { [bases] group in
            for worker in 0..<4 as Range<UInt64> {
                group.addTask {
                    for seed in seeds where seed % 4 == worker {
                        // The empty one most often: it is the quickest.
                        let base = bases[seed % 20 == 0 ? 2 : seed % 20 < 3 ? 1 : 0]
                        var lives = LogLives(seed: seed, files: base)
                        await #expect(throws: Never.self, "seed \(seed)") {
                            for life in 0..<3 as Range<UInt64> {
                                try await lives.live(hasFaults: (seed + life) % 2 == 0)
                            }
                            try await lives.end()
                        }
                    }
                }
            }
        }
    }
}
