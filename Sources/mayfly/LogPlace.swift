import Fetching
import Monitoring

/// A log as the command line or a configuration names it.
enum LogPlace {
    /// A URL, or else a folder.
    static func open(_ place: String, tlsCA: String?, fetcher: Fetcher) throws(LogCheckFailure) -> any LogSource {
        guard place.hasPrefix("http://") || place.hasPrefix("https://") else {
            return DirectoryLogSource(folder: place)
        }
        var policy = FetchPolicy(allowsHTTP: place.hasPrefix("http://"))
        if let tlsCA { policy.authorities = .only(pem: try ClientFiles.bytes(tlsCA)) }
        return URLLogSource(url: place, fetcher: fetcher, policy: policy)
    }
}
