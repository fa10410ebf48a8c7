import COpenSSL
import Glibc

/// A token issuer with one ES256 and one RS256 key, and the loopback server for its two documents.
final class Issuer: @unchecked Sendable {
    // Unchecked: everything is set before the serving thread starts, and only read afterwards.
    private let ec = Key.ec(NID_X9_62_prime256v1)
    private let rsa = Key.rsa(2048)
    let url: String
    private let listener: Int32
    private let documents: [String: String]

    init(port: Int) {
        url = "http://127.0.0.1:\(port)"
        let point = ec.point
        let keys = """
            {"keys":[{"kty":"EC","crv":"P-256","kid":"ec","use":"sig","alg":"ES256",\
            "x":"\(base64(Array(point[1..<33]), forURL: true))","y":"\(base64(Array(point[33...]), forURL: true))"},\
            {"kty":"RSA","kid":"rsa","use":"sig","alg":"RS256",\
            "n":"\(base64(rsa.number("n"), forURL: true))","e":"\(base64(rsa.number("e"), forURL: true))"}]}
            """
        documents = [
            "/.well-known/openid-configuration": """
            {"issuer":"\(url)","jwks_uri":"\(url)/keys","id_token_signing_alg_values_supported":["ES256","RS256"]}
            """,
            "/keys": keys,
        ]
        listener = Loopback.listen(port: port)
    }

    /// A token for alice, of the size that identity providers send.
    func token(rs256: Bool, number: Int) -> String {
        let header = #"{"alg":"\#(rs256 ? "RS256" : "ES256")","kid":"\#(rs256 ? "rsa" : "ec")","typ":"JWT"}"#
        let now = time(nil)
        let claims = """
            {"iss":"\(url)","aud":"sigstore","sub":"CgVhbGljZRIGZ2l0aHVi\(number)","email":"alice@example.com",\
            "email_verified":true,"iat":\(now),"nbf":\(now),"exp":\(now + 3600),"jti":"\(number)",\
            "name":"Alice Example","preferred_username":"alice","groups":["release","build","security"],\
            "at_hash":"MTIzNDU2Nzg5MDEyMzQ1Ng","auth_time":\(now),"azp":"sigstore",\
            "federated_claims":{"connector_id":"https://accounts.example.com","user_id":"1234567890"}}
            """
        let signed = base64(Array(header.utf8), forURL: true) + "." + base64(Array(claims.utf8), forURL: true)
        let signature = rs256 ? rsa.sign(Array(signed.utf8)) : ec.signFixed(Array(signed.utf8))
        return signed + "." + base64(signature, forURL: true)
    }

    /// Serves until the program ends.
    func serve() {
        var thread = pthread_t()
        let box = Unmanaged.passRetained(self)
        pthread_create(
            &thread,
            nil,
            { context in
                guard let context else { return nil }
                let issuer = Unmanaged<Issuer>.fromOpaque(context).takeRetainedValue()
                while true { issuer.answer(accept(issuer.listener, nil, nil)) }
            },
            box.toOpaque()
        )
    }

    private func answer(_ connection: Int32) {
        guard connection >= 0 else { return }
        defer { close(connection) }
        var buffer = [UInt8](repeating: 0, count: 8192)
        let count = recv(connection, &buffer, buffer.count, 0)
        guard count > 0 else { return }
        let request = String(decoding: buffer.prefix(count), as: UTF8.self).split(separator: " ")
        let body = request.count > 1 ? documents[String(request[1])] : nil
        let text = body ?? "{}"
        let head = "HTTP/1.1 \(body == nil ? "404 Not Found" : "200 OK")\r\nContent-Type: application/json\r\n"
        let answer = Array("\(head)Content-Length: \(text.utf8.count)\r\nConnection: close\r\n\r\n\(text)".utf8)
        _ = send(connection, answer, answer.count, 0)
    }
}
