/// A DSSE envelope with exactly one signature (DSSE v1; `envelope.proto`).
public struct SignedEnvelope: Sendable, Equatable {
    /// The one type of payload that is understood: an in-toto statement.
    public static let statementType = "application/vnd.in-toto+json"

    /// What kind of bytes the payload is.
    public let payloadType: String
    /// The payload.
    public let payload: [UInt8]
    /// The signature over ``signedBytes``.
    public let signature: [UInt8]
    /// Which key signed, as the signer calls it; empty for none.
    public let keyID: String

    /// Puts the parts together.
    public init(payloadType: String, payload: [UInt8], signature: [UInt8], keyID: String = "") {
        self.payloadType = payloadType
        self.payload = payload
        self.signature = signature
        self.keyID = keyID
    }

    /// What is signed: the pre-authentication encoding.
    ///
    /// ```
    /// PAE(type, body) = "DSSEv1" + SP + LEN(type) + SP + type + SP + LEN(body) + SP + body      DSSE v1, "protocol"
    /// LEN(s) = the length in bytes, in decimal ASCII digits
    /// ```
    public var signedBytes: [UInt8] { Self.signedBytes(payloadType: payloadType, payload: payload) }

    /// What is to be signed for a payload; see ``signedBytes``.
    public static func signedBytes(payloadType: String, payload: [UInt8]) -> [UInt8] {
        Array("DSSEv1 \(payloadType.utf8.count) \(payloadType) \(payload.count) ".utf8) + payload
    }
}
