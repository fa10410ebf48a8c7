public import Audit
public import CertificateLog
public import Certificates
import Glibc
public import Identity
public import Issuance
public import Keys
public import LogStorage
public import Policy
public import RecordLog
public import Settings
public import Timestamping
public import TrustRoot
public import Witnessing

/// Why the authority couldn't start, or couldn't issue. One case for each room, so that the edges can map them all.
public enum AuthorityError: Error, Equatable, Sendable {
    /// The token doesn't make an identity.
    case identity(IdentityError)
    /// The identity may not have a certificate, or not now.
    case policy(PolicyError)
    /// The audit sink can't be opened or written, and is required.
    case audit(AuditError)
    /// The key isn't proven, or the certificate can't be made.
    case issuance(IssuanceError)
    /// The certificate log didn't take the entry; nothing was issued.
    case log(CertificateLogError)
    /// The record log didn't take the entry, or can't be opened.
    case record(RecordLogError)
    /// There is no timestamp, or no timestamp authority.
    case timestamping(TimestampingError)
    /// Too many requests are waiting; nothing was done.
    case busy
    /// The configuration can't be used; the file's name as the operator gave it.
    case configuration(file: String, SettingsError)
    /// A file can't be read or written.
    case file(path: String, FileProblem)
    /// A key file can't be used.
    case key(path: String, KeysError)
    /// The certificates of the CA, or of the timestamp authority, can't be used.
    case chain(path: String, CertificatesError)
    /// The store of the log can't be opened.
    case storage(path: String, LogStorageError)
    /// The log isn't what its witnesses have seen, or can't be compared with it.
    case witness(CosigningError)
    /// A copy of the log's database was to be put in place, and nothing says whether it is the newest state; the copy's
    /// file.
    case incomparable(path: String)
    /// What clients are to trust can't be written, or the repository with it can't be used.
    case trust(TrustRootError)
    /// Keys can't be exchanged now.
    case rotation(RotationProblem)
    /// The directory is another process's already.
    case directoryInUse(path: String)
    /// `init` was asked to fill a directory that is not empty.
    case directoryUsed(path: String)
}

/// What can be wrong with a file.
public enum FileProblem: Error, Equatable, Sendable {
    /// There is none.
    case missing
    /// It can't be read; the number is errno.
    case unreadable(Int32)
    /// It can't be written; the number is errno.
    case unwritable(Int32)
    /// It is larger than a file of this kind may be.
    case tooLarge(bytesMax: Int)
    /// Its content breaks this rule.
    case malformed(rule: String)
}

extension AuthorityError: CustomStringConvertible {
    /// A sentence for operators; holds no token, key or passphrase.
    public var description: String {
        switch self {
        case .identity(let error): "\(error)"
        case .policy(let error): "\(error)"
        case .audit(let error): "\(error)"
        case .issuance(let error): "\(error)"
        case .log(let error): "\(error)"
        case .record(let error): "\(error)"
        case .timestamping(let error): "\(error)"
        case .busy: "couldn't take the request: too many are waiting"
        case .configuration(let file, let error): "couldn't use the configuration \(file): \(error)"
        case .file(let path, let problem): "couldn't use the file \(path): \(problem)"
        case .key(let path, let error): "couldn't use the key \(path): \(error)"
        case .chain(let path, let error): "couldn't use the certificates \(path): \(error)"
        case .storage(let path, let error): "couldn't open the database \(path): \(error)"
        case .witness(let error): "\(error)"
        case .incomparable(let path): "couldn't restore \(path): there is no checkpoint to compare it with"
        case .trust(let error): "\(error)"
        case .rotation(let problem): "couldn't exchange keys: \(problem)"
        case .directoryInUse(let path): "couldn't open \(path): another process is serving it"
        case .directoryUsed(let path): "couldn't initialise \(path): it isn't empty, and nothing was changed"
        }
    }
}

extension FileProblem: CustomStringConvertible {
    /// A few words for operators.
    public var description: String {
        switch self {
        case .missing: "it doesn't exist"
        case .unreadable(let number): "it can't be read: \(Self.text(number))"
        case .unwritable(let number): "it can't be written: \(Self.text(number))"
        case .tooLarge(let bytesMax): "it has more than \(bytesMax) bytes"
        case .malformed(let rule): rule
        }
    }

    private static func text(_ number: Int32) -> String {
        String(cString: strerror(number))
    }
}
