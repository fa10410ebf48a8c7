import Keys
import Wire

/// What an entry of a Rekor v1 log records (`pkg/types/*/…_schema.json` of Rekor).
///
/// ```
/// hashedrekord 0.0.1  spec: {data: {hash: {algorithm, value}}, signature: {content, publicKey: {content}}}
/// dsse 0.0.1          spec: {payloadHash: {algorithm, value}, signatures: [{signature, verifier}], …}
/// intoto 0.0.2        spec: {content: {payloadHash: {…}, envelope: {signatures: [{sig, publicKey}], …}, …}}
/// ```
/// Keys and certificates are PEM in base64; hash values are hexadecimal; `sig` is base64 twice over.
struct RekorV1Body {
    /// The signature.
    let signature: [UInt8]
    /// The certificate or key, in PEM.
    let verifierPEM: [UInt8]
    /// The artifact's digest, or the payload's.
    let digest: Digest

    struct Digest: Equatable {
        let algorithm: String
        let hex: String

        init(_ algorithm: DigestAlgorithm, _ bytes: [UInt8]) {
            self.algorithm = algorithm.plainName
            hex = Hexadecimal.encode(bytes)
        }

        init?(_ json: JSON?) {
            guard let algorithm = json?["algorithm"]?.string, let hex = json?["value"]?.string else { return nil }
            self.algorithm = algorithm
            self.hex = hex.lowercased()
        }
    }

    /// Reads the body of an entry of one of these kinds. Throws `.bodyMalformed`.
    init(_ entry: LogEntry) throws(LogProblem) {
        guard let json = try? JSON.parse(entry.body), json["kind"]?.string == entry.kind.name,
            json["apiVersion"]?.string == entry.kind.version, let spec = json["spec"]
        else { throw .bodyMalformed }
        let signature: [UInt8]?
        let verifier: [UInt8]?
        let digest: Digest?
        switch entry.kind {
        case .hashedRekordV001:
            signature = Self.decoded(spec["signature"]?["content"])
            verifier = Self.decoded(spec["signature"]?["publicKey"]?["content"])
            digest = Digest(spec["data"]?["hash"])
        case .dsseV001:
            let only = Self.only(spec["signatures"])
            signature = Self.decoded(only?["signature"])
            verifier = Self.decoded(only?["verifier"])
            digest = Digest(spec["payloadHash"])
        case .intotoV002:
            let content = spec["content"]
            let only = Self.only(content?["envelope"]?["signatures"])
            signature = Self.decoded(only?["sig"]).flatMap { try? Base64.decode($0) }
            verifier = Self.decoded(only?["publicKey"])
            digest = Digest(content?["payloadHash"])
        case .hashedRekordV002, .dsseV002: throw .bodyMalformed
        }
        guard let signature, let verifier, let digest else { throw .bodyMalformed }
        self.signature = signature
        verifierPEM = verifier
        self.digest = digest
    }

    private static func only(_ list: JSON?) -> JSON? {
        guard let elements = list?.elements, elements.count == 1 else { return nil }
        return elements.first
    }

    private static func decoded(_ json: JSON?) -> [UInt8]? {
        json?.utf8Bytes.flatMap { try? Base64.decode($0) }
    }
}
