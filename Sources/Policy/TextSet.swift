/// Texts of the configuration, found by their bytes without copying the text that is looked for.
///
/// Swift compares texts by what they look like, and takes two spellings of `é` for one. Here only equal bytes are equal.
struct TextSet: Sendable {
    /// In the order of their bytes, each once.
    private let sorted: [[UInt8]]

    init(_ texts: [String]) {
        sorted = Set(texts.map { Array($0.utf8) }).sorted { $0.lexicographicallyPrecedes($1) }
    }

    func contains(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var low = 0
        var high = sorted.count
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle].elementsEqual(bytes) { return true }
            if sorted[middle].lexicographicallyPrecedes(bytes) { low = middle + 1 } else { high = middle }
        }
        return false
    }
}
