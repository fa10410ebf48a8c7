/// Guesses what was meant.
public enum NearestName {
    /// The name with the fewest letters to change; nil when even that is more than a third of them.
    static func of(_ name: String, among names: [String]) -> String? {
        let best = names.map { (name: $0, distance: distance(Array(name.lowercased()), Array($0))) }
            .min { $0.distance < $1.distance }
        guard let best, best.distance <= max(1, best.name.count / 3) else { return nil }
        return best.name
    }

    /// So many of the names, those with the fewest letters to change first.
    public static func nearest(_ count: Int, to name: String, among names: [String]) -> [String] {
        let letters = Array(name.lowercased())
        let ranked = names.map { (name: $0, distance: distance(letters, Array($0))) }
        return ranked.sorted { $0.distance < $1.distance }.prefix(count).map(\.name)
    }

    /// Levenshtein's distance; bounded, for keys are short.
    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        guard left.count <= 100 else { return .max }
        var row = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, b) in right.enumerated() {
                let above = row[j + 1]
                row[j + 1] = min(above + 1, row[j] + 1, diagonal + (a == b ? 0 : 1))
                diagonal = above
            }
        }
        return row[right.count]
    }
}
