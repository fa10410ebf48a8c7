import Glibc

/// How far a long command is, on standard error: a bar on a terminal, else a line for each tenth.
struct Progress {
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private var shown = -1

    /// Shows that `done` of `total` are done.
    mutating func show(_ done: Int, of total: Int, _ what: String) {
        let percent = total > 0 ? min(100, done * 100 / total) : 100
        let step = isTerminal ? percent : percent / 10
        guard step != shown else { return }
        shown = step
        if isTerminal {
            let bar = String(repeating: "#", count: percent / 4) + String(repeating: "-", count: 25 - percent / 4)
            put("\r[\(bar)] \(percent)%  \(done) of \(total) \(what)" + (percent == 100 ? "\n" : ""))
        } else {
            put("\(percent)%: \(done) of \(total) \(what)\n")
        }
    }

    private func put(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }
}
