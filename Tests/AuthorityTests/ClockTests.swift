import Authority
import Foundation
import Synchronization
import Testing
import Transparency

@Suite("A clock that is behind the log")
struct ClockTests {
    @Test(
        "an authority whose clock is an hour behind its log starts, says why it isn't ready, and comes right by itself"
    )
    func clockBehindTheLogIsNoReasonNotToStart() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("clock-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let directory = DataDirectory(path: folder.path)
        // The certificates begin now; the log's first entry comes an hour later.
        let seconds = Mutex<[UInt64]>([1_795_500_000])
        _ = try await directory.initialise(
            Initialisation(
                source: .new(algorithm: .p256, organization: "Example"),
                origin: try LogOrigin("log.example.com"),
                passphraseFile: nil
            )
        ) {
            EntryTimestamp(milliseconds: 1000 * seconds.withLock { $0.popLast() ?? 1_795_503_600 })
        }
        let clock = Mutex<UInt64>(1_795_500_001)
        let opened = try await Authority.open(directory, files: ConfigurationFiles()) {
            EntryTimestamp(milliseconds: 1000 * clock.withLock { $0 })
        }
        let problems = await opened.authority.readiness().problems
        #expect(problems.map(\.part) == ["log", "record-log"])
        #expect(
            problems.map(\.problem) == [
                "the clock is 3599 seconds behind the log's last entry",
                "the clock is 3599 seconds behind the record log's last entry",
            ]
        )
        clock.withLock { $0 = 1_795_503_600 }
        #expect(await opened.authority.readiness().problems.isEmpty)
        await opened.authority.close()
    }
}
