import Glibc

/// Prints what has been done, one line each; in colour on a terminal.
struct Steps {
    private let isColoured =
        getenv("NO_COLOR") == nil && (isatty(STDOUT_FILENO) == 1 || getenv("FORCE_COLOR") != nil)

    /// A step that went well, and its detail.
    func done(_ step: String, _ detail: String) {
        line("✓", colour: "32", step, detail)
    }

    /// A step that couldn't be made.
    func skipped(_ step: String, _ reason: String) {
        line("–", colour: "33", step, reason)
    }

    /// A step that showed something wrong.
    func failed(_ step: String, _ problem: String) {
        line("✗", colour: "31", step, problem)
    }

    private func line(_ mark: String, colour: String, _ step: String, _ detail: String) {
        let padded = step + String(repeating: " ", count: max(1, 28 - step.count))
        print(isColoured ? "\u{1B}[\(colour)m\(mark)\u{1B}[0m \(padded)\(detail)" : "\(mark) \(padded)\(detail)")
        // Through a pipe too, a failure stands below the steps before it.
        fflush(nil)
    }
}
