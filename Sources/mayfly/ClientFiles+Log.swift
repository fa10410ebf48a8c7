import Certificates
import Keys

extension ClientFiles {
    /// The bytes of a file.
    static func bytes(_ path: String) throws(LogVerificationFailure) -> [UInt8] {
        do { return try read(path) } catch { throw .file("\(error)") }
    }

    /// A public key in PEM.
    static func publicKey(_ path: String) throws(LogVerificationFailure) -> PublicKey {
        let pem = try bytes(path)
        do { return try PublicKey(pem: pem) } catch { throw .file("couldn't use the key \(path): \(error)") }
    }

    /// Certificates in PEM.
    static func chain(_ path: String) throws(LogVerificationFailure) -> CertificateChain {
        let pem = try bytes(path)
        do { return try CertificateChain(pem: pem) } catch { throw .file("couldn't use \(path): \(error)") }
    }
}
