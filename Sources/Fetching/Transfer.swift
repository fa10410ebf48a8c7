import CCurl

/// One exchange under way: the easy handle, and all that libcurl's callbacks write to. Touched by the fetcher's thread
/// only, once it has been handed over.
final class Transfer: @unchecked Sendable {
    /// The most bytes of all headers together.
    static let headerBytesMax = 1 << 16

    let id: UInt64
    private let request: FetchRequest
    private let timeoutMilliseconds: Int
    private let finish: @Sendable (Result<FetchResponse, FetchError>) -> Void
    private(set) var easy: UnsafeMutableRawPointer?
    private var headerList: UnsafeMutablePointer<curl_slist>?
    private var headers: [String: String] = [:]
    private var headerBytes = 0
    private var body: [UInt8] = []
    private var isTooLarge = false

    init(
        id: UInt64,
        request: FetchRequest,
        timeoutMilliseconds: Int,
        finish: @escaping @Sendable (Result<FetchResponse, FetchError>) -> Void
    ) {
        self.id = id
        self.request = request
        self.timeoutMilliseconds = timeoutMilliseconds
        self.finish = finish
    }

    deinit {
        curl_slist_free_all(headerList)
        if let easy { curl_easy_cleanup(easy) }
    }

    /// Answers the caller.
    func answer(_ result: Result<FetchResponse, FetchError>) {
        finish(result)
    }

    /// Makes the easy handle. Throws `.urlRefused` for a header that would end its line, and `.transferFailed` when
    /// libcurl doesn't take an option.
    func prepare() throws(FetchError) {
        let isClean = request.headers.allSatisfy { header in
            !(header.name + header.value).utf8.contains { $0 == 0x0A || $0 == 0x0D || $0 == 0 }
        }
        guard isClean else { throw .urlRefused }
        guard let easy = curl_easy_init() else { throw .transferFailed }
        self.easy = easy
        let isSet =
            setHeaders(easy) && setURL(easy) && setLimits(easy) && setTrust(easy) && setBody(easy)
            && setCallbacks(easy)
        guard isSet else { throw .transferFailed }
    }

    private func setHeaders(_ easy: UnsafeMutableRawPointer) -> Bool {
        // A name with nothing behind the colon takes libcurl's own header away; with a semicolon it is sent empty.
        let lines = request.headers.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
        for line in lines + ["Expect:"] {
            guard let list = curl_slist_append(headerList, line) else { return false }
            headerList = list
        }
        return mayfly_curl_set_pointer(easy, CURLOPT_HTTPHEADER, headerList) == CURLE_OK
    }

    private func setURL(_ easy: UnsafeMutableRawPointer) -> Bool {
        mayfly_curl_set_string(easy, CURLOPT_URL, request.url) == CURLE_OK
            && mayfly_curl_set_string(
                easy,
                CURLOPT_PROTOCOLS_STR,
                request.policy.allowsHTTP ? "http,https" : "https"
            ) == CURLE_OK
            && mayfly_curl_set_long(easy, CURLOPT_FOLLOWLOCATION, 0) == CURLE_OK
            && mayfly_curl_set_string(easy, CURLOPT_USERAGENT, "mayfly") == CURLE_OK
            && setProxy(easy)
    }

    private func setProxy(_ easy: UnsafeMutableRawPointer) -> Bool {
        switch request.policy.proxy {
        case .direct: return mayfly_curl_set_string(easy, CURLOPT_PROXY, "") == CURLE_OK
        case .environment:
            guard let proxy = ProxyChoice.ofEnvironment(for: request.url) else { return true }
            return mayfly_curl_set_string(easy, CURLOPT_PROXY, proxy) == CURLE_OK
        case .url(let proxy):
            // Otherwise libcurl takes the environment's exceptions for this proxy's.
            return mayfly_curl_set_string(easy, CURLOPT_PROXY, proxy) == CURLE_OK
                && mayfly_curl_set_string(easy, CURLOPT_NOPROXY, "") == CURLE_OK
        }
    }

    private func setLimits(_ easy: UnsafeMutableRawPointer) -> Bool {
        let connectMilliseconds = min(timeoutMilliseconds, 5000)
        return mayfly_curl_set_long(easy, CURLOPT_TIMEOUT_MS, timeoutMilliseconds) == CURLE_OK
            && mayfly_curl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, connectMilliseconds) == CURLE_OK
            // "libcurl will not wait for threads": without it, taking out a transfer whose name is being looked up waits
            // for the resolver, and everybody else with it, for up to half a minute where the network is down.
            && mayfly_curl_set_long(easy, CURLOPT_QUICK_EXIT, 1) == CURLE_OK
            && mayfly_curl_set_offset(easy, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(request.responseBytesMax)) == CURLE_OK
            && mayfly_curl_set_long(easy, CURLOPT_NOSIGNAL, 1) == CURLE_OK
            && mayfly_curl_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1)) == CURLE_OK
    }

    private func setTrust(_ easy: UnsafeMutableRawPointer) -> Bool {
        guard mayfly_curl_set_long(easy, CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)) == CURLE_OK,
            // Debian's libcurl has a directory of CAs besides the file; with it each connection parses every root anew,
            // which costs 30 ms.
            mayfly_curl_set_string(easy, CURLOPT_CAPATH, nil) == CURLE_OK
        else { return false }
        switch request.policy.authorities {
        case .system: return true
        case .only(let pem): return setAuthorities(easy, pem)
        case .systemPlus(let pem):
            // libcurl parses a blob for each new connection, all roots of the system too: 30 ms. Where the system has
            // none, these are all there are.
            let system = SystemAuthorities.pem(easy) ?? []
            return setAuthorities(easy, system + [UInt8(ascii: "\n")] + pem)
        }
    }

    private func setAuthorities(_ easy: UnsafeMutableRawPointer, _ pem: [UInt8]) -> Bool {
        // Instead of the file that libcurl was built to trust, not besides it.
        pem.withUnsafeBytes { raw in
            mayfly_curl_set_blob(easy, CURLOPT_CAINFO_BLOB, raw.baseAddress, raw.count) == CURLE_OK
        }
    }

    private func setBody(_ easy: UnsafeMutableRawPointer) -> Bool {
        guard request.method == .post else { return true }
        return mayfly_curl_set_long(easy, CURLOPT_POST, 1) == CURLE_OK
            && mayfly_curl_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count)) == CURLE_OK
            && request.body.withUnsafeBytes { raw in
                // Copied by libcurl, after the size has been set.
                mayfly_curl_set_pointer(
                    easy,
                    CURLOPT_COPYPOSTFIELDS,
                    UnsafeMutableRawPointer(mutating: raw.baseAddress)
                )
                    == CURLE_OK
            }
    }

    private func setCallbacks(_ easy: UnsafeMutableRawPointer) -> Bool {
        // Unretained: the fetcher keeps the transfer until the handle has left libcurl.
        let context = Unmanaged.passUnretained(self).toOpaque()
        return mayfly_curl_set_writer(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            guard let bytes, let context else { return 0 }
            let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
            return transfer.receive(body: UnsafeRawBufferPointer(start: bytes, count: size * count))
        } == CURLE_OK
            && mayfly_curl_set_pointer(easy, CURLOPT_WRITEDATA, context) == CURLE_OK
            && mayfly_curl_set_writer(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
                guard let bytes, let context else { return 0 }
                let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
                return transfer.receive(header: UnsafeRawBufferPointer(start: bytes, count: size * count))
            } == CURLE_OK
            && mayfly_curl_set_pointer(easy, CURLOPT_HEADERDATA, context) == CURLE_OK
    }

    private func receive(body part: UnsafeRawBufferPointer) -> Int {
        guard body.count + part.count <= request.responseBytesMax else {
            isTooLarge = true
            return 0
        }
        body.append(contentsOf: part)
        return part.count
    }

    private func receive(header line: UnsafeRawBufferPointer) -> Int {
        headerBytes += line.count
        guard headerBytes <= Self.headerBytesMax else {
            isTooLarge = true
            return 0
        }
        let text = String(decoding: line, as: UTF8.self)
        if text.hasPrefix("HTTP/") {
            // The answer to a proxy's CONNECT and 1xx come first; only the last head counts.
            headers.removeAll()
        } else if let colon = text.firstIndex(of: ":") {
            let value = text[text.index(after: colon)...].filter { $0 != "\r\n" && $0 != "\n" && $0 != "\r" }
            headers[text[..<colon].lowercased()] = String(value.drop { $0 == " " || $0 == "\t" })
        }
        return line.count
    }

    /// What the exchange came to.
    func outcome(of code: CURLcode) -> Result<FetchResponse, FetchError> {
        if isTooLarge { return .failure(.tooLarge(bytesMax: request.responseBytesMax)) }
        guard code == CURLE_OK, let easy else { return .failure(FetchError(code, bytesMax: request.responseBytesMax)) }
        return .success(
            FetchResponse(status: mayfly_curl_get_long(easy, CURLINFO_RESPONSE_CODE), headers: headers, body: body)
        )
    }
}

extension FetchError {
    fileprivate init(_ code: CURLcode, bytesMax: Int) {
        switch code {
        // Not CURLE_UNSUPPORTED_PROTOCOL: the URL's scheme has been looked at, so libcurl means that what came isn't HTTP.
        case CURLE_URL_MALFORMAT: self = .urlRefused
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: self = .hostUnknown
        case CURLE_COULDNT_CONNECT: self = .connectionFailed
        case CURLE_OPERATION_TIMEDOUT: self = .timeout
        case CURLE_FILESIZE_EXCEEDED: self = .tooLarge(bytesMax: bytesMax)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CACERT_BADFILE,
            CURLE_SSL_ISSUER_ERROR:
            self = .tlsFailed
        default: self = .transferFailed
        }
    }
}
