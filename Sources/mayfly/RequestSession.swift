import Certificates
import Fetching
import Keys
import Signing
import Transparency
import Wire

/// One request for a certificate, from the client's side.
struct RequestSession {
    let server: String
    let fetcher: Fetcher
    let trustedRoots: [Certificate]?
    let logKey: PublicKey?
    let steps = Steps()

    private let token: [UInt8]
    /// What the proof is over: the token's email, or else its sub (POP-3).
    private let name: String

    init(
        server: String,
        token: [UInt8],
        fetcher: Fetcher,
        trustedRoots: [UInt8]?,
        logKey: [UInt8]?
    ) throws(RequestFailure) {
        var server = server
        while server.hasSuffix("/") { server.removeLast() }
        self.server = server
        self.fetcher = fetcher
        self.token = token
        do { name = try IdentityToken(token).challenge } catch { throw .tokenUnreadable }
        do throws(CertificatesError) {
            self.trustedRoots = try trustedRoots.map { pem throws(CertificatesError) in
                try CertificateChain(pem: pem).certificates
            }
        } catch {
            throw .file("couldn't use --roots: \(error)")
        }
        do throws(KeysError) {
            self.logKey = try logKey.map { pem throws(KeysError) in try PublicKey(pem: pem) }
        } catch {
            throw .file("couldn't use --log-key: \(error)")
        }
    }

    /// Makes the key that lives ten minutes.
    func makeKey(_ algorithm: KeyAlgorithm) throws(RequestFailure) -> SigningKey {
        do {
            let key = try SigningKey.generate(algorithm)
            steps.done("made a new key", "\(algorithm)")
            return key
        } catch {
            throw .key(error)
        }
    }

    /// The private key, to be kept for as long as the certificate is valid.
    func pem(of key: SigningKey) throws(RequestFailure) -> [UInt8] {
        do { return try key.pem(passphrase: nil) } catch { throw .key(error) }
    }

    /// Sends the request and reads the answer.
    func request(key: SigningKey, withSigningRequest: Bool) async throws(RequestFailure) -> RequestAnswer {
        var members: [(String, JSONText)]
        do {
            if withSigningRequest {
                let pem = try CertificateSigningRequest.pem(signedBy: key)
                members = [("certificateSigningRequest", .string(Base64.encode(Array(pem.utf8))))]
                steps.done("proved it", "with a certificate signing request")
            } else {
                let proof = try key.sign(Array(name.utf8))
                members = [
                    (
                        "publicKeyRequest",
                        .object([
                            ("publicKey", .object([("content", .string(key.publicKey.pem))])),
                            ("proofOfPossession", .string(Base64.encode(proof))),
                        ])
                    )
                ]
                steps.done("proved it", "with a signature over \(name)")
            }
        } catch {
            throw .answerUnreadable("couldn't sign the proof: \(error)")
        }
        members.append(
            ("credentials", .object([("oidcIdentityToken", .string(String(decoding: token, as: UTF8.self)))]))
        )
        let response = try await exchange(
            "/api/v2/signingCert",
            body: JSONText.object(members).encoded(),
            contentType: "application/json"
        )
        var answer = try Self.answer(in: response.body)
        answer.receipt = response.headers["x-mayfly-receipt"].flatMap { try? Base64.decodeURL($0) }
        steps.done("got a certificate", "and \(answer.chain.count) of the CA")
        return answer
    }

    /// Fetches a path of the server; throws its own words when it refuses.
    func fetch(_ path: String) async throws(RequestFailure) -> [UInt8] {
        try await exchange(path, body: nil, contentType: nil).body
    }

    private func exchange(
        _ path: String,
        body: [UInt8]?,
        contentType: String?
    ) async throws(RequestFailure) -> FetchResponse {
        let response: FetchResponse
        do {
            response = try await fetcher.fetch(
                FetchRequest(
                    url: server + path,
                    method: body == nil ? .get : .post,
                    headers: contentType.map { [("Content-Type", $0)] } ?? [],
                    body: body ?? [],
                    timeoutSeconds: 30,
                    policy: FetchPolicy(allowsHTTP: server.hasPrefix("http://"))
                )
            )
        } catch {
            throw .unreachable(error)
        }
        guard response.status == 200 else {
            let message = (try? JSON.parse(response.body))?["message"]?.string ?? "no reason given"
            throw .refused(status: response.status, message: message)
        }
        return response
    }

    private static func answer(in body: [UInt8]) throws(RequestFailure) -> RequestAnswer {
        guard let list = (try? JSON.parse(body))?["signedCertificateEmbeddedSct"]?["chain"]?["certificates"]?.elements,
            list.count >= 2
        else { throw .answerUnreadable("no chain of certificates with an embedded timestamp") }
        var certificates: [Certificate] = []
        for item in list {
            guard let pem = item.utf8Bytes, let certificate = try? Certificate(pem: pem) else {
                throw .answerUnreadable("one of the certificates")
            }
            certificates.append(certificate)
        }
        return RequestAnswer(leaf: certificates[0], chain: Array(certificates.dropFirst()))
    }
}
