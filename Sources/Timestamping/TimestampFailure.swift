/// Why a request gets no timestamp, in the words that its protocol has (RFC 3161 §2.4.2).
///
/// ```
/// PKIFailureInfo ::= BIT STRING {
///    badAlg (0), badRequest (2), badDataFormat (5), timeNotAvailable (14),
///    unacceptedPolicy (15), unacceptedExtension (16), addInfoNotAvailable (17), systemFailure (25) }
/// ```
public enum TimestampFailure: Int, Error, Sendable, CaseIterable {
    /// The imprint's digest is none of SHA-256, SHA-384 and SHA-512.
    case badAlg = 0
    /// The request's version isn't 1.
    case badRequest = 2
    /// The imprint isn't as long as its digest, or bytes follow the request.
    case badDataFormat = 5
    /// The request asks for another policy than the configured one.
    case unacceptedPolicy = 15
    /// The request has an extension; none is known, and RFC 3161 §2.4.1 wants even one that isn't critical refused.
    case unacceptedExtension = 16

    /// The specification's name: for metrics and for clients that read JSON.
    public var name: String { "\(self)" }

    /// A sentence for whoever reads the answer.
    var text: String {
        switch self {
        case .badAlg: "the digest must be SHA-256, SHA-384 or SHA-512"
        case .badRequest: "the version must be 1"
        case .badDataFormat: "the imprint must be as long as its digest, and nothing may follow the request"
        case .unacceptedPolicy: "the policy is not the one of this authority"
        case .unacceptedExtension: "no extension is known here"
        }
    }

    /// The DER of the whole answer: a status and no token.
    ///
    /// ```
    /// TimeStampResp ::= SEQUENCE { status PKIStatusInfo, timeStampToken TimeStampToken OPTIONAL }
    /// PKIStatusInfo ::= SEQUENCE {
    ///    status INTEGER, statusString SEQUENCE OF UTF8String OPTIONAL, failInfo PKIFailureInfo OPTIONAL }
    /// ```
    public var response: [UInt8] {
        // A named BIT STRING ends with its last bit that is set (X.690 §11.2.2).
        let unusedBits = 7 - rawValue % 8
        let bits = [UInt8](repeating: 0, count: rawValue / 8) + [1 << UInt8(unusedBits)]
        let rejection: [UInt8] = [0x02, 0x01, 0x02]
        let status =
            rejection + Self.element(0x30, Self.element(0x0C, Array(text.utf8)))
            + Self.element(0x03, [UInt8(unusedBits)] + bits)
        return Self.element(0x30, Self.element(0x30, status))
    }

    /// One element of under 128 bytes, which all of these are: OpenSSL has no call that sets a failInfo.
    private static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        [tag, UInt8(content.count)] + content
    }
}
