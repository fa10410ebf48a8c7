/// What a client sends to show that it has a key; nothing in it is checked yet.
public enum KeyRequest: Sendable {
    /// A public key, PEM or DER, and a signature over the identity's name (POP-1).
    case publicKey(content: [UInt8], proof: [UInt8])
    /// A PKCS #10 request in PEM, signed by the key it holds (POP-4).
    case certificateSigningRequest(pem: [UInt8])
}
