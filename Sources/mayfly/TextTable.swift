import Glibc

/// A table for people: as wide as its first rows need, and on a terminal no wider than that.
struct TextTable {
    private let head: [String]
    private var widths: [Int]?

    /// A table with this head, printed with the first rows.
    init(head: [String]) {
        self.head = head
    }

    /// Prints rows, each of as many cells as the head.
    mutating func print(_ rows: [[String]]) {
        guard !rows.isEmpty else { return }
        let widths = self.widths ?? Self.widths(of: [head] + rows, limit: Self.terminalWidth())
        if self.widths == nil { Self.print(head, widths) }
        self.widths = widths
        for row in rows { Self.print(row, widths) }
    }

    private static func print(_ row: [String], _ widths: [Int]) {
        var line = ""
        for (place, (cell, width)) in zip(row, widths).enumerated() {
            let text = cell.count > width && terminalWidth() != nil ? shortened(cell, to: width) : cell
            let isLast = place == widths.count - 1
            line += isLast ? text : text + String(repeating: " ", count: max(0, width - text.count) + gap)
        }
        Swift.print(line)
    }

    private static let gap = 2
    private static let widthMin = 8

    /// The end tells one name from the next as often as the beginning.
    private static func shortened(_ text: String, to width: Int) -> String {
        let kept = width - 1
        return text.prefix(kept / 2) + "…" + text.suffix(kept - kept / 2)
    }

    /// The widest column gives way until all fit, but none below `widthMin`.
    private static func widths(of rows: [[String]], limit: Int?) -> [Int] {
        var widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        guard let limit else { return widths }
        let room = limit - gap * (widths.count - 1)
        while widths.reduce(0, +) > room, let widest = widths.max(), widest > widthMin,
            let column = widths.firstIndex(of: widest)
        {
            widths[column] -= 1
        }
        return widths
    }

    private static func terminalWidth() -> Int? {
        var size = winsize()
        guard isatty(STDOUT_FILENO) == 1, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
            return nil
        }
        return Int(size.ws_col)
    }
}
