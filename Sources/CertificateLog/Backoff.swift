/// Waits that double from a quarter of a second to eight seconds, each shortened by up to a half at random, so that
/// many clients of one log don't come back together.
struct Backoff {
    private let random: @Sendable () -> Double
    private var milliseconds = 250.0

    init(random: @escaping @Sendable () -> Double) {
        self.random = random
    }

    /// The next wait.
    mutating func next() -> Duration {
        defer { milliseconds = min(milliseconds * 2, 8000) }
        return .milliseconds(Int64(milliseconds * (1 - random() / 2)))
    }
}
