import Glibc

/// Ends the program.
func fail(_ message: String) -> Never {
    let line = Array("mayfly-bench: \(message)\n".utf8)
    _ = write(STDERR_FILENO, line, line.count)
    exit(1)
}

/// CPU time of this thread, in seconds.
func threadSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// A clock that never goes back, in seconds.
func wallSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

private let standard = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
private let url = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

/// base64, padded, or base64url, unpadded.
func base64(_ bytes: [UInt8], forURL: Bool = false) -> String {
    let alphabet = forURL ? url : standard
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
        let group = bytes[start..<min(start + 3, bytes.count)]
        let value = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
        for position in 0..<4 {
            if position <= group.count {
                text.append(alphabet[value >> (18 - 6 * position) & 63])
            } else if !forURL {
                text.append(UInt8(ascii: "="))
            }
        }
    }
    return String(decoding: text, as: UTF8.self)
}

/// The value of `--name value` among the arguments.
func option(_ name: String, default value: String) -> String {
    let arguments = CommandLine.arguments
    guard let position = arguments.firstIndex(of: "--\(name)"), position + 1 < arguments.count else { return value }
    return arguments[position + 1]
}

/// The same as a whole number.
func option(_ name: String, default value: Int) -> Int {
    guard let number = Int(option(name, default: "\(value)")) else { fail("--\(name) wants a number") }
    return number
}
