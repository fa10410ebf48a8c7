import Authority
import Logging
import ServiceLifecycle
import Synchronization

/// Ends the service group when the server must be opened anew, with other keys.
final class GenerationService: Service {
    private static let interval = Duration.seconds(1)

    private let authority: Authority
    private let logger: Logger
    private let due = Mutex<KeyChange?>(nil)

    init(authority: Authority, logger: Logger) {
        self.authority = authority
        self.logger = logger
    }

    /// The other keys that the group has ended for; nil when it hasn't.
    var change: KeyChange? { due.withLock { $0 } }

    /// Looks until the surrounding service group shuts down, or returns before when it should.
    func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            var problem: AuthorityError?
            while !Task.isCancelled {
                do throws(AuthorityError) {
                    if let change = try authority.generations.change(at: SystemClock.now().seconds) {
                        logger.notice("opening anew with other keys", metadata: ["sections": "\(change.sections)"])
                        due.withLock { $0 = change }
                        return
                    }
                    problem = nil
                } catch {
                    if error != problem {
                        logger.error(
                            "couldn't change to other keys: the old ones stay",
                            metadata: ["error": "\(error)"]
                        )
                    }
                    problem = error
                }
                // Cancelled when the server stops: then the loop ends.
                try? await Task.sleep(for: Self.interval)
            }
        }
    }
}
