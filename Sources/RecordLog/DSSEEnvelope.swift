import Wire

/// A DSSE envelope (Dead Simple Signing Envelope, envelope.md): a payload, its type, and who has signed both.
struct DSSEEnvelope: Sendable, Equatable {
    /// One signature.
    struct Signature: Sendable, Equatable {
        /// The text of `sig`, in base64, as the envelope has it.
        let text: String
        /// The signature.
        let bytes: [UInt8]
    }

    /// The most signatures that are looked at.
    static let signaturesMax = 16

    /// What the payload is, such as `application/vnd.in-toto+json`.
    let payloadType: String
    /// What is signed, without the base64.
    let payload: [UInt8]
    /// At least one. What an envelope calls the keys says nothing (envelope.md: an unauthenticated hint), and isn't read.
    let signatures: [Signature]

    /// Reads an envelope. Throws `.envelopeUnparsable` and `.envelopeSignatureCount`.
    ///
    /// ```
    /// {"payload": base64, "payloadType": text, "signatures": [{"keyid": text, "sig": base64}, …]}
    /// ```
    init(json text: [UInt8]) throws(ProposalProblem) {
        guard let json = try? JSON.parse(text), let payloadType = json["payloadType"]?.string,
            let encoded = json["payload"]?.utf8Bytes, let payload = try? Base64.decodeLenient(encoded)
        else { throw .envelopeUnparsable }
        let elements = json["signatures"]?.elements ?? []
        guard (1...Self.signaturesMax).contains(elements.count) else { throw .envelopeSignatureCount }
        var signatures: [Signature] = []
        for element in elements {
            // The log's entry holds the text itself, and its schema knows standard base64 only.
            guard let text = element["sig"]?.string, let bytes = try? Base64.decode(text), !bytes.isEmpty else {
                throw .envelopeUnparsable
            }
            signatures.append(Signature(text: text, bytes: bytes))
        }
        self.payloadType = payloadType
        self.payload = payload
        self.signatures = signatures
    }

    /// What the signatures are over (DSSE, protocol.md):
    /// `"DSSEv1" SP LEN(type) SP type SP LEN(payload) SP payload`, lengths in decimal.
    var preAuthenticationEncoding: [UInt8] {
        Array("DSSEv1 \(payloadType.utf8.count) \(payloadType) \(payload.count) ".utf8) + payload
    }
}
