import COpenSSL
import Glibc

/// Who asks for entries of the record log: one key with a certificate that the server has issued, and an artifact for each
/// request.
struct RecordSigner {
    private let key = Key.ec(NID_X9_62_prime256v1)
    private let certificate: String

    /// Asks the server on `port` for the certificate.
    init(_ issuer: Issuer, port: Int) {
        let connection = Loopback.connect(port: port)
        defer { close(connection) }
        let request = Load.request(issuer, rs256: false, number: -1, key: key)
        guard send(connection, request, request.count, 0) == request.count else { fail("couldn't send") }
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while Load.completion(of: received) == nil {
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { fail("the server closed a connection") }
            received.append(contentsOf: buffer.prefix(count))
        }
        // The first PEM of the answer, in which newlines are written as `\n`.
        let parts = String(decoding: received, as: UTF8.self).split(separator: "-----")
        guard Load.completion(of: received) == true, parts.count > 2 else { fail("no certificate") }
        certificate = parts[2].split(separator: "\\n").joined()
    }

    /// A request for an entry that no other number's is.
    func request(number: Int) -> [UInt8] {
        let artifact = Array("artifact \(number)".utf8)
        var digest = [UInt8](repeating: 0, count: 32)
        SHA256(artifact, artifact.count, &digest)
        let body = """
            {"hashedRekordRequestV002":{"digest":"\(base64(digest))","signature":{\
            "content":"\(base64(key.sign(artifact)))","verifier":{\
            "x509Certificate":{"rawBytes":"\(certificate)"},"keyDetails":"PKIX_ECDSA_P256_SHA_256"}}}}
            """
        return Load.post("/api/v2/log/entries", body)
    }
}
