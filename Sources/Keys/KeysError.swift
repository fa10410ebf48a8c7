/// Why a key or a signature can't be used. Payloads name rules and OpenSSL's reasons, never key material.
public enum KeysError: Error, Equatable, Sendable {
    /// The bytes aren't a key, or a kind of key that isn't known here.
    case unparsable
    /// The key can be read and must not be trusted.
    case weak(KeyWeakness)
    /// The signature isn't by this key over this message.
    case signatureInvalid
    /// The key is encrypted and no passphrase was given.
    case passphraseNeeded
    /// The passphrase doesn't open the key.
    case wrongPassphrase
    /// OpenSSL refused an operation that should not fail.
    case openSSL(operation: String, reasons: [String])
}

extension KeysError: CustomStringConvertible {
    /// One line, safe to show.
    public var description: String {
        switch self {
        case .unparsable: "it isn't a key that can be read"
        case .weak(let weakness): "the key is weak: \(weakness)"
        case .signatureInvalid: "the signature is wrong"
        case .passphraseNeeded: "the key is encrypted and there is no passphrase"
        case .wrongPassphrase: "the passphrase is wrong"
        case .openSSL(let operation, let reasons): "couldn't \(operation): \(reasons.joined(separator: ", "))"
        }
    }
}
