import CCurl
import Glibc

/// The CAs that libcurl was built to trust.
enum SystemAuthorities {
    /// The PEM of that file; nil when it can't be read.
    static func pem(_ easy: UnsafeMutableRawPointer) -> [UInt8]? {
        guard let path = mayfly_curl_get_string(easy, CURLINFO_CAINFO), let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count < 1 << 24 {
            let count = fread(&buffer, 1, buffer.count, file)
            guard count > 0 else { return bytes }
            bytes.append(contentsOf: buffer.prefix(count))
        }
        return nil
    }
}
