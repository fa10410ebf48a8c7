import Certificates
import Issuance
import Wire

/// Writes the two forms of an issued certificate. The chain's part is the same every time and is made once.
struct SigningAnswer: Sendable {
    private static let head = Array(#"{"signedCertificateEmbeddedSct":{"chain":{"certificates":["#.utf8)

    /// `,"<issuing PEM>",…,"<root PEM>"]}}}`
    private let jsonTail: [UInt8]
    /// The chain's PEM with a newline before each certificate.
    private let pemTail: [UInt8]

    /// Prepares the answers of an authority with this chain.
    init(chain: CertificateChain) {
        var json: [UInt8] = []
        var pem: [UInt8] = []
        for certificate in chain.certificates {
            let text = Self.trimmed(certificate.pem)
            json.append(UInt8(ascii: ","))
            json.append(contentsOf: JSONText.string(text).encoded())
            pem.append(UInt8(ascii: "\n"))
            pem.append(contentsOf: text.utf8)
        }
        jsonTail = json + Array("]}}}".utf8)
        pemTail = pem
    }

    /// The body of v2: leaf first, the whole chain behind it, no newline at the ends (API-30…32).
    func version2(_ issued: IssuedCertificate) -> [UInt8] {
        let leaf = JSONText.string(Self.trimmed(issued.certificate.pem)).encoded()
        return Self.head + leaf + jsonTail
    }

    /// The body of v1: the same certificates as PEM, one newline between them, none at the end (API-51).
    func version1(_ issued: IssuedCertificate) -> [UInt8] {
        Array(Self.trimmed(issued.certificate.pem).utf8) + pemTail
    }

    private static func trimmed(_ pem: String) -> String {
        pem.hasSuffix("\n") ? String(pem.dropLast()) : pem
    }
}
