import Certificates
import Keys

extension ClientFiles {
    /// The bytes of a file.
    static func bytes(_ path: String) throws(LogCheckFailure) -> [UInt8] {
        do { return try read(path) } catch { throw .file("\(error)") }
    }

    /// A public key in PEM.
    static func publicKey(_ path: String) throws(LogCheckFailure) -> PublicKey {
        let pem = try bytes(path)
        do { return try PublicKey(pem: pem) } catch { throw .file("couldn't use the key \(path): \(error)") }
    }

    /// Certificates in PEM.
    static func chain(_ path: String) throws(LogCheckFailure) -> CertificateChain {
        let pem = try bytes(path)
        do { return try CertificateChain(pem: pem) } catch { throw .file("couldn't use \(path): \(error)") }
    }
}
