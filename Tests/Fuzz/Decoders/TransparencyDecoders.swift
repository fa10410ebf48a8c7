import Keys
import Transparency
import Wire

enum TransparencyDecoders {
    /// Every structure in the TLS presentation language; each is tried, for the first bytes of few say what they are.
    @Sendable static func structures(_ bytes: [UInt8]) {
        if let list = try? SignedCertificateTimestamp.timestamps(inList: bytes) {
            Decoders.require((try? SignedCertificateTimestamp.list(list)) == bytes, "a list is written as it was read")
        }
        if let timestamp = try? SignedCertificateTimestamp(encoded: bytes) {
            Decoders.require(timestamp.encoded == bytes, "a timestamp is written as it was read")
        }
        if let signature = try? DigitallySigned(encoded: bytes) {
            Decoders.require(signature.encoded == bytes, "a signature is written as it was read")
        }
        if let entry = try? TimestampedEntry(encoded: bytes) {
            Decoders.require((try? entry.encoded()) == bytes, "an entry is written as it was read")
        }
        if let entry = try? TimestampedEntry(merkleTreeLeaf: bytes) {
            Decoders.require((try? entry.merkleTreeLeaf()) == bytes, "a leaf is written as it was read")
        }
        if let extensions = try? SCTExtensions(bytes: bytes) {
            Decoders.require(extensions.bytes == bytes, "extensions are written as they were read")
        }
        read(bytes)
    }

    /// The reader itself: each byte says what is read next.
    private static func read(_ bytes: [UInt8]) {
        var reader = TLSReader(bytes)
        do {
            while !reader.isAtEnd {
                switch try reader.u8() & 15 {
                case 0: _ = try reader.u16()
                case 1: _ = try reader.u24()
                case 2: _ = try reader.u32()
                case 3: _ = try reader.u40()
                case 4: _ = try reader.u64()
                case 5: _ = try reader.vector8()
                case 6: _ = try reader.vector16()
                case 7: _ = try reader.vector24()
                case 8: _ = try reader.bytes(Int(truncatingIfNeeded: try reader.u64()))
                default: break
                }
            }
            try reader.finish()
        } catch {}
    }

    @Sendable static func timestampJSON(_ bytes: [UInt8]) {
        guard let timestamp = try? SignedCertificateTimestamp(json: bytes) else { return }
        let again = try? SignedCertificateTimestamp(json: timestamp.json)
        Decoders.require(again?.json == timestamp.json, "what is written can be read")
    }

    private static let key = try? PublicKey(
        pem: Array(
            """
            -----BEGIN PUBLIC KEY-----
            MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEnK+m9b3kMjz0PJRIiMvE0tt4fKjI
            OaD/VL0uhq+FjUx5HB0E1ZbkwwrdyCP3dAg1sIL6jW6xgMli8XIX3BLoKg==
            -----END PUBLIC KEY-----
            """.utf8
        )
    )
    private static let origin = try? LogOrigin("mayfly.test/ct")

    /// A signed note, the checkpoint in it, and the paths of tiles.
    @Sendable static func checkpoint(_ bytes: [UInt8]) {
        let path = String(decoding: bytes, as: UTF8.self)
        if let tile = try? TileID(path: path) {
            Decoders.require(tile.path == path, "a path is written as it was read")
        }
        _ = try? TileID(dataPath: path)
        _ = TreeSize(decimal: bytes)
        guard let note = try? SignedNote(encoded: bytes) else { return }
        Decoders.require(note.encoded == bytes, "a note is written as it was read")
        if let checkpoint = try? Checkpoint(text: note.text) {
            let again = try? Checkpoint(text: checkpoint.text)
            Decoders.require(again?.text == checkpoint.text, "what is written can be read")
        }
        guard let key, let origin else { return Decoders.require(false, "the key is right") }
        _ = try? SignedTreeHead(checkpoint: note, origin: origin, key: key)
    }
}
