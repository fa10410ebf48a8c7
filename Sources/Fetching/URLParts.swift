import CCurl

/// The parts of a URL that the policy looks at, read by libcurl's own parser so that nobody reads it differently.
struct URLParts: Equatable {
    let scheme: String
    let host: String
    let port: String

    /// Reads an absolute `http` or `https` URL; nil for anything else, and for one with credentials in it.
    init?(_ url: String) {
        // C would read such a text only up to there.
        guard !url.utf8.contains(0), let handle = curl_url() else { return nil }
        defer { curl_url_cleanup(handle) }
        guard curl_url_set(handle, CURLUPART_URL, url, 0) == CURLUE_OK,
            Self.part(handle, CURLUPART_USER) == nil,
            let scheme = Self.part(handle, CURLUPART_SCHEME)?.lowercased(), ["http", "https"].contains(scheme),
            let host = Self.part(handle, CURLUPART_HOST)?.lowercased(),
            let port = Self.part(handle, CURLUPART_PORT, UInt32(CURLU_DEFAULT_PORT))
        else { return nil }
        self.scheme = scheme
        self.host = host
        self.port = port
    }

    /// Whether the host is this machine by its usual names.
    var isLoopback: Bool {
        host == "localhost" || host.hasPrefix("127.") || host == "[::1]"
    }

    /// A URL that may be relative to another one, made absolute.
    static func resolve(_ reference: String, against base: String) -> String? {
        guard let handle = curl_url() else { return nil }
        defer { curl_url_cleanup(handle) }
        guard curl_url_set(handle, CURLUPART_URL, base, 0) == CURLUE_OK,
            curl_url_set(handle, CURLUPART_URL, reference, 0) == CURLUE_OK
        else { return nil }
        return part(handle, CURLUPART_URL)
    }

    private static func part(_ handle: OpaquePointer, _ what: CURLUPart, _ flags: UInt32 = 0) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(handle, what, &text, flags) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }
}
