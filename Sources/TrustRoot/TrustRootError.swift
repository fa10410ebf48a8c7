public import Certificates
public import Keys

/// Why trust material can't be written or read.
public enum TrustRootError: Error, Equatable, Sendable {
    /// The text isn't a URL that clients can use; what rule it breaks.
    case url(String, rule: String)
    /// Clients have no name for keys of this kind.
    case keyUnsupported(KeyAlgorithm)
    /// A certificate can't be read.
    case certificates(CertificatesError)
    /// A signature can't be made.
    case keys(KeysError)
    /// A file of the repository is missing.
    case missing(file: String)
    /// A file of the repository can't be read; in the system's words why.
    case unreadable(file: String, String)
    /// A file of the repository isn't what the specification says; which part.
    case malformed(file: String, part: String)
    /// A file of the repository isn't signed by enough keys of its role.
    case unsigned(file: String)
    /// The key isn't one of the role that was to sign.
    case wrongKey(role: TUFRole)
}

extension TrustRootError: CustomStringConvertible {
    /// One line, safe to show.
    public var description: String {
        switch self {
        case .url(let text, let rule): "couldn't use the URL \(text): it \(rule)"
        case .keyUnsupported(let algorithm): "couldn't name the key: clients know none of the kind \(algorithm)"
        case .certificates(let error): "\(error)"
        case .keys(let error): "\(error)"
        case .missing(let file): "couldn't read the repository: \(file) is missing"
        case .unreadable(let file, let why): "couldn't read \(file): \(why)"
        case .malformed(let file, let part): "couldn't read \(file): its \(part) is wrong"
        case .unsigned(let file): "couldn't trust \(file): it isn't signed by the keys of its role"
        case .wrongKey(let role): "couldn't sign: the key isn't one of the role \(role.rawValue)"
        }
    }
}
