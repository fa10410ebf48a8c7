/// A PEM block (RFC 7468), read as laxly as Go's encoding/pem and written strictly.
public struct PEMBlock: Sendable, Hashable {
    /// The label, such as `PUBLIC KEY`.
    public let label: String
    /// The decoded bytes.
    public let bytes: [UInt8]

    /// Makes a block to be written.
    public init(label: String, bytes: [UInt8]) {
        self.label = label
        self.bytes = bytes
    }

    /// The first complete block; text around it is skipped. Throws ``WireError/pemMissing`` if there is none.
    ///
    /// As in Go: lines may have any length and end in CRLF, headers such as `DEK-Info` are skipped, the labels of both
    /// boundaries must agree, a block that is damaged is skipped as text.
    public static func first(in text: [UInt8]) throws(WireError) -> PEMBlock {
        let block = text.withUnsafeBufferPointer { buffer in
            var scanner = PEMScanner(buffer)
            return scanner.next()
        }
        guard let block else { throw .pemMissing }
        return block
    }

    /// All complete blocks in their order, at least one. Throws ``WireError/pemMissing`` if there is none.
    public static func all(in text: [UInt8]) throws(WireError) -> [PEMBlock] {
        let blocks = text.withUnsafeBufferPointer { buffer in
            var scanner = PEMScanner(buffer)
            var blocks: [PEMBlock] = []
            while let block = scanner.next() { blocks.append(block) }
            return blocks
        }
        guard !blocks.isEmpty else { throw .pemMissing }
        return blocks
    }

    /// The text with lines of 64 characters and a newline at the end (RFC 7468 §3, "strict").
    public var text: String {
        let lines = (bytes.count + Self.lineBytes - 1) / Self.lineBytes
        let capacity = 2 * (label.utf8.count + 17) + lines * (Self.lineBytes / 3 * 4 + 1)
        return String(unsafeUninitializedCapacity: capacity) { output in
            var written = Self.write("-----BEGIN \(label)-----\n", to: output, at: 0)
            bytes.withUnsafeBufferPointer { input in
                Base64Encoder.standard.withUnsafeBufferPointer { alphabet in
                    for start in stride(from: 0, to: input.count, by: Self.lineBytes) {
                        let line = input[start..<min(start + Self.lineBytes, input.count)]
                        let rest = UnsafeMutableBufferPointer(rebasing: output[written...])
                        written += Base64Encoder.write(line, to: rest, alphabet: alphabet, padded: true)
                        output[written] = UInt8(ascii: "\n")
                        written += 1
                    }
                }
            }
            return Self.write("-----END \(label)-----\n", to: output, at: written)
        }
    }

    /// 48 bytes are 64 characters.
    private static let lineBytes = 48

    private static func write(_ text: String, to output: UnsafeMutableBufferPointer<UInt8>, at start: Int) -> Int {
        var position = start
        for byte in text.utf8 {
            output[position] = byte
            position += 1
        }
        return position
    }
}
