import Certificates
import Fetching
import Keys
import SignatureTestKit
import Signing
import Synchronization
import TestKit
import Verification
import Wire

/// The services of a signer, in the network's place.
final class TestServices: Sendable {
    static let url = "https://sign.example.com"

    let stack: TestStack
    let authority: TestTimestampAuthority
    /// Answers in the services' place, by the end of the path.
    let overrides: [String: @Sendable (FetchRequest) throws(FetchError) -> FetchResponse]
    private let seen = Mutex<[FetchRequest]>([])

    init(
        overrides: [String: @Sendable (FetchRequest) throws(FetchError) -> FetchResponse] = [:]
    ) throws {
        stack = try TestStack()
        authority = try TestTimestampAuthority(TestTimestampAuthority.Options(around: TestStack.seconds))
        self.overrides = overrides
    }

    /// Whom a verifier of these services believes.
    var root: TrustedRoot {
        stack.root(timestampAuthorities: [
            TrustedAuthority(uri: "https://tsa", chain: authority.chain, window: stack.window)
        ])
    }

    /// The requests so far.
    var requests: [FetchRequest] { seen.withLock { $0 } }

    static let token = Array("e30.\(Base64.encodeURL(Array(#"{"email":"jane@example.com"}"#.utf8))).c2VjcmV0".utf8)

    func signer(root: TrustedRoot? = nil) throws -> Signer {
        Signer(
            configuration: SigningConfiguration(server: Self.url + "/"),
            root: root ?? self.root,
            token: try IdentityToken(Self.token),
            exchange: SigningExchange { request throws(FetchError) in try self.answer(request) }
        )
    }

    private func answer(_ request: FetchRequest) throws(FetchError) -> FetchResponse {
        seen.withLock { $0.append(request) }
        let path = String(request.url.dropFirst(Self.url.count))
        if let other = overrides[path] { return try other(request) }
        do {
            switch path {
            case "/api/v2/signingCert": return Self.json(200, try certify(request.body))
            case "/api/v1/timestamp":
                let digest = Array(request.body.suffix(32))
                let answer = try authority.answer(digest: digest, by: .sha256, atSeconds: TestStack.seconds)
                return FetchResponse(status: 200, headers: [:], body: answer)
            case "/api/v2/log/entries": return Self.json(201, try record(request.body))
            default: return Self.json(404, .object([]))
            }
        } catch {
            return Self.json(500, .object([("message", .string("\(error)"))]))
        }
    }

    static func json(_ status: Int, _ text: JSONText) -> FetchResponse {
        FetchResponse(status: status, headers: [:], body: text.encoded())
    }

    /// Fulcio's answer, if the proof is good.
    private func certify(_ body: [UInt8]) throws -> JSONText {
        let request = try JSON.parse(body)["publicKeyRequest"]
        let key = try PublicKey(pem: request?["publicKey"]?["content"]?.utf8Bytes ?? [])
        let proof = try Base64.decode(request?["proofOfPossession"]?.utf8Bytes ?? [])
        try key.verify(proof, over: Array("jane@example.com".utf8), with: .ecdsa(.sha256))
        return Self.chain([try stack.certificate(key: key)] + stack.authority.chain.certificates)
    }

    static func chain(_ certificates: [Certificate]) -> JSONText {
        let list = JSONText.object([("certificates", .array(certificates.map { .string($0.pem) }))])
        return .object([("signedCertificateEmbeddedSct", .object([("chain", list)]))])
    }

    /// Rekor's answer.
    private func record(_ body: [UInt8]) throws -> JSONText {
        let request = try JSON.parse(body)["hashedRekordRequestV002"]
        let verifier = request?["signature"]?["verifier"]
        let certificate = try Certificate(
            der: try Base64.decode(verifier?["x509Certificate"]?["rawBytes"]?.utf8Bytes ?? [])
        )
        let content = SignedContent.message(
            MessageSignature(
                algorithm: .sha256,
                digest: try Base64.decode(request?["digest"]?.utf8Bytes ?? []),
                signature: try Base64.decode(request?["signature"]?["content"]?.utf8Bytes ?? [])
            )
        )
        guard verifier?["keyDetails"]?.string == "PKIX_ECDSA_P256_SHA_256" else { throw SigningError.otherKey }
        return stack.answer(try stack.entry(.hashedRekordV002, content, verifier: certificate))
    }
}
