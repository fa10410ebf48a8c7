import Signing
import Synchronization

/// Keeps what a signer tells.
final class Recorder: Sendable {
    private let steps = Mutex<[SigningStep]>([])

    var all: [SigningStep] { steps.withLock { $0 } }

    func add(_ step: SigningStep) { steps.withLock { $0.append(step) } }
}
