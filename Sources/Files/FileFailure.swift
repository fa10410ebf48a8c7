import Glibc

/// Why a file can't be read or written.
public struct FileFailure: Error, Equatable, Sendable {
    /// The system's number, errno; `EFBIG` for a file that is larger than it may be.
    public let code: Int32

    /// Takes errno.
    public init(code: Int32) {
        self.code = code
    }

    /// Whether the file is larger than it may be.
    public var isTooLarge: Bool { code == EFBIG }
}

extension FileFailure: CustomStringConvertible {
    /// The system's words.
    public var description: String { String(cString: strerror(code)) }
}
