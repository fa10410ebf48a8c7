import Glibc
import Synchronization

/// The `Date` header (RFC 9110 §6.6.1), written once a second.
final class HTTPDate: Sendable {
    private let cache = Mutex((second: 0, text: ""))

    /// Now, as an IMF-fixdate.
    var text: String {
        let now = time(nil)
        return cache.withLock { cache in
            if cache.second != now { cache = (now, Self.format(now)) }
            return cache.text
        }
    }

    private static func format(_ now: Int) -> String {
        var now = now
        var parts = tm()
        gmtime_r(&now, &parts)
        // The process never sets a locale, so names are English.
        var text = [CChar](repeating: 0, count: 64)
        let length = strftime(&text, text.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
        return String(decoding: text.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
