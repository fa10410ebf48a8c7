import Keys
import Wire

/// One signature line of a signed note (C2SP signed-note).
public struct NoteSignature: Sendable, Hashable {
    /// The first four bytes of a hash over name, kind and key; tells keys apart, proves nothing.
    public struct KeyID: Sendable, Hashable {
        /// The four bytes as a big-endian number.
        public let value: UInt32

        /// Takes a received number.
        public init(_ value: UInt32) {
            self.value = value
        }

        /// The identifier of `key` as signer of RFC 6962 tree heads, type 0x05:
        /// `SHA-256(name || 0x0A || 0x05 || LogID)[:4]` (static-ct-api, "Checkpoints").
        public init(name: LogOrigin, treeHeadKey key: LogID) {
            let hash = SHA256Digest(hashing: Array(name.name.utf8) + [0x0A, 0x05] + key.bytes)
            value = hash.bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
        }
    }

    /// Whose key.
    public let name: LogOrigin
    /// Which of its keys, and of which kind.
    public let keyID: KeyID
    /// The signature itself; its form depends on the kind of key.
    public let signature: [UInt8]

    /// Puts the parts together.
    public init(name: LogOrigin, keyID: KeyID, signature: [UInt8]) {
        self.name = name
        self.keyID = keyID
        self.signature = signature
    }

    /// `— <name> base64(key ID || signature)`, with the newline.
    public var line: String {
        var writer = TLSWriter()
        writer.u32(keyID.value)
        writer.bytes(signature)
        return "\u{2014} \(name.name) \(Base64.encode(writer.bytes))\n"
    }

    /// Reads a line without its newline; nil when it has another form.
    init?(line: ArraySlice<UInt8>) {
        let dash = Array("\u{2014} ".utf8)
        guard line.starts(with: dash) else { return nil }
        let parts = line.dropFirst(dash.count).split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard parts.count == 2, let name = try? LogOrigin(String(decoding: parts[0], as: UTF8.self)),
            let bytes = try? Base64.decode(Array(parts[1])), bytes.count > 4
        else { return nil }
        self.init(
            name: name,
            keyID: KeyID(bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }),
            signature: Array(bytes.dropFirst(4))
        )
    }
}
