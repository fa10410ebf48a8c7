import Certificates
import Fetching
import Keys
import Transparency
import Wire

/// Why `mayfly request` ends without a certificate, or with one that it doesn't trust.
enum RequestFailure: Error {
    /// Neither a file nor the environment has a token.
    case noToken
    /// The token can't be read, or names nobody to prove a key for.
    case tokenUnreadable
    /// A file can't be read or written.
    case file(String)
    /// The server couldn't be reached.
    case unreachable(FetchError)
    /// The server refused, and said why.
    case refused(status: Int, message: String)
    /// The answer isn't what a server of this kind sends.
    case answerUnreadable(String)
    /// The key couldn't be made or used.
    case key(KeysError)
    /// A check of the answer failed: which one, and how.
    case notVerified(check: String, problem: String)
}

extension RequestFailure: CustomStringConvertible {
    /// A sentence; never the token.
    var description: String {
        switch self {
        case .noToken: "couldn't find a token: give --token-file FILE or set SIGSTORE_ID_TOKEN"
        case .tokenUnreadable: "couldn't read the token: it isn't a JWT with an email or a sub"
        case .file(let problem): problem
        case .unreachable(let error): "couldn't reach the server: \(error)"
        case .refused(let status, let message): "the server refused (\(status)): \(message)"
        case .answerUnreadable(let part): "couldn't read the server's answer: \(part)"
        case .key(let error): "couldn't use the key: \(error)"
        case .notVerified(let check, let problem): "not verified: \(check): \(problem)"
        }
    }
}
