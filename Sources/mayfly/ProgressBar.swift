import Glibc

/// How far a long command is, on standard error when that is a terminal.
struct ProgressBar {
    private static let width: UInt64 = 30

    private let isShown = isatty(STDERR_FILENO) == 1
    private let started = ContinuousClock.now
    private var drawn: ContinuousClock.Instant?

    /// Draws the bar, ten times a second at most.
    mutating func show(_ done: UInt64, of all: UInt64) {
        guard isShown, all > 0 else { return }
        let now = ContinuousClock.now
        if let drawn, now - drawn < .milliseconds(100), done < all { return }
        drawn = now
        let part = Double(done) / Double(all)
        let filled = Int(part * Double(Self.width))
        let bar = String(repeating: "█", count: filled) + String(repeating: "·", count: Int(Self.width) - filled)
        let seconds = (now - started) / .seconds(1)
        let rate = seconds > 0 ? Int(Double(done) / seconds) : 0
        write("\r\(bar) \(Int(part * 100))% \(done) of \(all) entries, \(rate)/s \u{1B}[K")
    }

    /// Takes the bar away.
    func clear() {
        if isShown, drawn != nil { write("\r\u{1B}[K") }
    }

    private func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = Glibc.write(STDERR_FILENO, bytes, bytes.count)
    }
}
