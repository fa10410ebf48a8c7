import Certificates
import Transparency

/// A certificate as the server sent it; nothing is checked yet.
struct RequestAnswer {
    /// The certificate.
    let leaf: Certificate
    /// The CA's certificates, issuing first.
    let chain: [Certificate]
    /// The log's receipt, in JSON; nil when the server gave none.
    var receipt: [UInt8]?

    /// All of them in PEM.
    var pem: [UInt8] {
        Array((leaf.pem + chain.map(\.pem).joined()).utf8)
    }
}
