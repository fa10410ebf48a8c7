import COpenSSL

/// A passphrase. It prints as `<redacted>`, and its memory is wiped when the last copy goes.
public struct Passphrase: Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    private final class Secret: @unchecked Sendable {
        // Unchecked: written by init and deinit only.
        let bytes: UnsafeMutableBufferPointer<UInt8>

        init(_ content: ArraySlice<UInt8>) {
            bytes = .allocate(capacity: content.count)
            _ = bytes.initialize(from: content)
        }

        deinit {
            OPENSSL_cleanse(bytes.baseAddress, bytes.count)
            bytes.deallocate()
        }
    }

    /// OpenSSL encrypts with longer ones, and can't read those keys again (`PEM_BUFSIZE`).
    public static let bytesMax = 1024

    private let secret: Secret

    /// Takes the content of a passphrase file; one newline at the end is not part of it.
    public init(bytes: [UInt8]) {
        var content = bytes[...]
        if content.last == UInt8(ascii: "\n") { content.removeLast() }
        if content.last == UInt8(ascii: "\r") { content.removeLast() }
        secret = Secret(content)
    }

    /// `<redacted>`
    public var description: String { "<redacted>" }
    /// `<redacted>`
    public var debugDescription: String { "<redacted>" }

    /// Lends the bytes; they must not be copied to where they aren't wiped.
    func withSecureBytes<R>(_ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
        defer { withExtendedLifetime(secret) {} }
        return body(UnsafeBufferPointer(secret.bytes))
    }
}
