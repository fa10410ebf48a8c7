public import Keys
import Wire

/// A witness as others know it: its name and its Ed25519 key (C2SP tlog-cosignature, type 0x04).
public struct Cosigner: Sendable, Hashable {
    private static let kind: UInt8 = 0x04

    /// Its name, by custom a URL without scheme.
    public let name: LogOrigin
    /// Its key; Ed25519.
    public let publicKey: PublicKey
    /// `SHA-256(name || 0x0A || 0x04 || key)[:4]`.
    public let keyID: NoteSignature.KeyID

    /// Names a witness. Throws `.unsupportedCosignerKey`.
    public init(name: LogOrigin, publicKey: PublicKey) throws(TransparencyError) {
        guard publicKey.algorithm == .ed25519 else { throw .unsupportedCosignerKey(publicKey.algorithm) }
        self.name = name
        self.publicKey = publicKey
        let hash = SHA256Digest(hashing: Array(name.name.utf8) + [0x0A, Self.kind] + publicKey.keyBits)
        keyID = NoteSignature.KeyID(hash.bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) })
    }

    /// Reads `<name>+<key ID in hex>+<base64(0x04 || key)>` (C2SP signed-note, "Verifier keys"). Throws
    /// `.malformed(.verifierKey)`, also when the key ID isn't this key's.
    public init(verifierKey text: String) throws(TransparencyError) {
        // Base64 has plus signs of its own; names and key IDs have none.
        let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let name = try? LogOrigin(String(parts[0])),
            let bytes = try? Base64.decode(parts[2]), bytes.first == Self.kind,
            let key = try? PublicKey(ed25519: Array(bytes.dropFirst()))
        else { throw .malformed(.verifierKey) }
        try self.init(name: name, publicKey: key)
        guard parts[1] == Self.hexadecimal(keyID) else { throw .malformed(.verifierKey) }
    }

    /// The form that the other initialiser reads.
    public var verifierKey: String {
        "\(name)+\(Self.hexadecimal(keyID))+\(Base64.encode([Self.kind] + publicKey.keyBits))"
    }

    /// Signs a checkpoint's text with this witness's private key: says that, at `seconds` since 1970, no larger
    /// consistent tree of that log had been seen.
    ///
    /// ```
    /// struct {                                  tlog-cosignature, "Format"
    ///     u64 timestamp;
    ///     opaque ed25519_signature[64];
    /// } timestamped_signature;
    /// ```
    /// Throws `.signingFailed`.
    public func cosign(
        _ text: String,
        atSeconds seconds: UInt64,
        with key: SigningKey
    ) throws(TransparencyError) -> NoteSignature {
        var body = TLSWriter()
        body.u64(seconds)
        do { body.bytes(try key.sign(Self.message(text, seconds))) } catch { throw .signingFailed(error) }
        return NoteSignature(name: name, keyID: keyID, signature: body.bytes)
    }

    /// The first cosignature of this witness on the note; nil when there is none. Every line of its name and key ID
    /// must be good: throws `.signatureInvalid(.cosignature)` otherwise. Lines of others are ignored.
    public func cosignature(on note: SignedNote) throws(TransparencyError) -> NoteSignature? {
        let lines = note.signatures.filter { $0.name == name && $0.keyID == keyID }
        for line in lines {
            guard line.signature.count == 72 else { throw .signatureInvalid(.cosignature) }
            let seconds = line.signature.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            guard (1...UInt64(Int64.max)).contains(seconds) else { throw .signatureInvalid(.cosignature) }
            do {
                try publicKey.verify(
                    Array(line.signature.dropFirst(8)),
                    over: Self.message(note.text, seconds),
                    with: .ed25519
                )
            } catch {
                throw .signatureInvalid(.cosignature)
            }
        }
        return lines.first
    }

    private static func message(_ text: String, _ seconds: UInt64) -> [UInt8] {
        Array("cosignature/v1\ntime \(seconds)\n\(text)".utf8)
    }

    private static func hexadecimal(_ id: NoteSignature.KeyID) -> String {
        var writer = TLSWriter()
        writer.u32(id.value)
        return Hexadecimal.encode(writer.bytes)
    }
}
