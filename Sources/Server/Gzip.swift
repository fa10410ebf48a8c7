import CZlib

/// The content coding `gzip` (RFC 9110 §8.4.1.3).
enum Gzip {
    /// What is smaller isn't worth the work.
    static let bytesMin = 1024

    /// The bytes compressed, quickly rather than well; nil when that doesn't make them fewer. CPU work: some 3 ms for
    /// a megabyte.
    static func compressed(_ bytes: [UInt8]) -> [UInt8]? {
        let compressed = [UInt8](unsafeUninitializedCapacity: bytes.count) { buffer, count in
            count = bytes.withUnsafeBufferPointer {
                mayfly_gzip($0.baseAddress, $0.count, buffer.baseAddress, buffer.count)
            }
        }
        return compressed.isEmpty ? nil : compressed
    }

    /// Whether an `Accept-Encoding` field allows it (RFC 9110 §12.5.3): named, or meant by `*`, and not with weight 0.
    static func isAccepted(_ field: String?) -> Bool {
        var isAccepted = false
        for item in (field ?? "").split(separator: ",") {
            let parts = item.lowercased().filter { $0 != " " && $0 != "\t" }.split(separator: ";")
            guard let name = parts.first, name == "gzip" || name == "*" else { continue }
            let isRefused = parts.dropFirst().contains { $0.hasPrefix("q=") && Double($0.dropFirst(2)) ?? 0 <= 0 }
            if name == "gzip" { return !isRefused }
            isAccepted = !isRefused
        }
        return isAccepted
    }
}
