import Certificates
import Keys
import Wire

/// What a signature is verified with, in Rekor's format `x509`: one certificate or public key in PEM. Nobody asks who
/// issued the certificate, or whether it has expired: the log says what was signed, not whom to trust.
struct VerificationMaterial: Sendable, Equatable {
    /// The key.
    let publicKey: PublicKey
    /// The same certificate or key as the log keeps it: lines of 64 characters and a newline at the end.
    let pem: [UInt8]
    /// The certificate's names; none for a key.
    let names: [String]

    /// What entries that are verified with it are found by.
    var terms: [SearchTerm] { [.verifier(pem: pem)] + names.map { .name($0) } }

    /// Reads PEM. Throws `.keyUnparsable`, `.keyIsChain` and `.keyRefused`.
    init(pem: [UInt8]) throws(ProposalProblem) {
        guard let blocks = try? PEMBlock.all(in: pem), let block = blocks.first else { throw .keyUnparsable }
        guard blocks.count == 1 else { throw .keyIsChain }
        switch block.label {
        case "CERTIFICATE": try self.init(certificate: block.bytes)
        case "PUBLIC KEY": try self.init(subjectPublicKeyInfo: block.bytes)
        default: throw .keyUnparsable
        }
    }

    /// Reads the DER of a certificate. Throws `.keyUnparsable` and `.keyRefused`.
    init(certificate der: [UInt8]) throws(ProposalProblem) {
        guard let certificate = try? Certificate(der: der) else { throw .keyUnparsable }
        try self.init(certificate)
    }

    /// Takes a certificate. Throws `.keyUnparsable` and `.keyRefused`.
    init(_ certificate: Certificate) throws(ProposalProblem) {
        // Clients compare what the log keeps with what they have, byte by byte.
        guard let names = try? certificate.namesIfDER() else { throw .keyUnparsable }
        guard let key = try? certificate.publicKey else { throw .keyRefused }
        publicKey = key
        pem = Array(certificate.pem.utf8)
        self.names = names.map(\.text)
    }

    /// Reads the DER of a key. Throws `.keyUnparsable` and `.keyRefused`.
    init(subjectPublicKeyInfo info: [UInt8]) throws(ProposalProblem) {
        guard let unchecked = try? UncheckedPublicKey(subjectPublicKeyInfo: info) else { throw .keyUnparsable }
        guard let key = try? unchecked.checked() else { throw .keyRefused }
        publicKey = key
        pem = Array(key.pem.utf8)
        names = []
    }
}
