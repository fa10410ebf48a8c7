/// What part of a system a message is about (RFC 5424 §6.2.1); the kernel's own is left out.
public enum SyslogFacility: String, Sendable, CaseIterable {
    /// Programs of users.
    case user
    /// Mail.
    case mail
    /// Daemons of the system.
    case daemon
    /// Security and authorization.
    case auth
    /// The syslog daemon itself.
    case syslog
    /// Printing.
    case lpr
    /// Network news.
    case news
    /// UUCP.
    case uucp
    /// The clock daemon.
    case cron
    /// Security and authorization, for few readers; what the configuration means when it names none.
    case authpriv
    /// FTP.
    case ftp
    /// For local use, one for each number.
    case local0, local1, local2, local3, local4, local5, local6, local7

    /// The number of RFC 5424, Table 1.
    var code: Int {
        switch self {
        case .user: 1
        case .mail: 2
        case .daemon: 3
        case .auth: 4
        case .syslog: 5
        case .lpr: 6
        case .news: 7
        case .uucp: 8
        case .cron: 9
        case .authpriv: 10
        case .ftp: 11
        case .local0: 16
        case .local1: 17
        case .local2: 18
        case .local3: 19
        case .local4: 20
        case .local5: 21
        case .local6: 22
        case .local7: 23
        }
    }
}
