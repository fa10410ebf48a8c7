import Glibc

/// Why a line isn't in the audit record. `code` is the system's error number.
public enum AuditError: Error, Equatable, Sendable {
    /// The file can't be opened, or nobody listens on the socket.
    case open(code: Int32)
    /// The line couldn't be written.
    case write(code: Int32)
    /// The line couldn't be made durable; whether it is there isn't known.
    case sync(code: Int32)
    /// Too many lines wait already.
    case full
    /// The line is longer than ``AuditSink/lineBytesMax``, or than the syslog daemon takes.
    case lineTooLong
    /// The line holds a line break.
    case lineBreak
    /// The sink has been closed.
    case closed
}

extension AuditError: CustomStringConvertible {
    /// A sentence without paths.
    public var description: String {
        switch self {
        case .open(let code): "couldn't open the audit record: \(Self.text(code))"
        case .write(let code): "couldn't write to the audit record: \(Self.text(code))"
        case .sync(let code): "couldn't sync the audit record: \(Self.text(code))"
        case .full: "too many lines wait for the audit record"
        case .lineTooLong: "the line is too long for the audit record"
        case .lineBreak: "the line for the audit record has a line break"
        case .closed: "the audit record is closed"
        }
    }

    private static func text(_ code: Int32) -> String { String(cString: strerror(code)) }
}
