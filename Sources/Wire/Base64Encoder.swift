/// The one base64 encoder behind ``Base64`` and ``PEMBlock``.
enum Base64Encoder {
    static let standard = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    static let url = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// Encodes without line breaks. The alphabet has 64 characters of ASCII.
    static func encode(_ bytes: [UInt8], alphabet: [UInt8], padded: Bool) -> String {
        let count = (bytes.count + 2) / 3 * 4
        return bytes.withUnsafeBufferPointer { input in
            alphabet.withUnsafeBufferPointer { alphabet in
                String(unsafeUninitializedCapacity: count) { output in
                    write(input[...], to: output, alphabet: alphabet, padded: padded)
                }
            }
        }
    }

    /// Writes the encoded bytes and returns their count; `output` must hold four bytes for each three begun.
    static func write(
        _ input: Slice<UnsafeBufferPointer<UInt8>>,
        to output: UnsafeMutableBufferPointer<UInt8>,
        alphabet: UnsafeBufferPointer<UInt8>,
        padded: Bool
    ) -> Int {
        let input = UnsafeBufferPointer(rebasing: input)
        var read = 0
        var written = 0
        while read + 3 <= input.count {
            let group = UInt32(input[read]) << 16 | UInt32(input[read + 1]) << 8 | UInt32(input[read + 2])
            output[written] = alphabet[Int(group >> 18)]
            output[written + 1] = alphabet[Int(group >> 12 & 63)]
            output[written + 2] = alphabet[Int(group >> 6 & 63)]
            output[written + 3] = alphabet[Int(group & 63)]
            read += 3
            written += 4
        }
        let left = input.count - read
        guard left > 0 else { return written }
        let group = UInt32(input[read]) << 16 | (left == 2 ? UInt32(input[read + 1]) << 8 : 0)
        output[written] = alphabet[Int(group >> 18)]
        output[written + 1] = alphabet[Int(group >> 12 & 63)]
        written += 2
        if left == 2 {
            output[written] = alphabet[Int(group >> 6 & 63)]
            written += 1
        }
        while padded && written & 3 != 0 {
            output[written] = UInt8(ascii: "=")
            written += 1
        }
        return written
    }
}
