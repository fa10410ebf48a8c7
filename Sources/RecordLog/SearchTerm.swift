import Keys
import Log
import Wire

/// What people look for in a record log, as Rekor's index has it: letters of either case are the same.
enum SearchTerm: Sendable, Hashable {
    /// Something that was signed, or an envelope around it, by its hash.
    case hash(algorithm: String, hex: String)
    /// The certificate or key that signed, by the PEM that the log keeps.
    case verifier(pem: [UInt8])
    /// A name in the certificate: an email, a URI.
    case name(String)

    /// Under what the log finds it.
    var key: SearchKey {
        switch self {
        case .hash(let algorithm, let hex): SearchKey("hash " + "\(algorithm):\(hex)".lowercased())
        case .verifier(let pem): SearchKey("verifier " + SHA256Digest(hashing: pem).hex)
        case .name(let name): SearchKey("name " + name.lowercased())
        }
    }
}
