/// Text with signatures under it (C2SP signed-note). Nothing here says that a signature is good.
public struct SignedNote: Sendable, Hashable {
    /// The most bytes a note may have here; the specification leaves the limit to the reader.
    public static let bytesMax = 1 << 20
    /// The most signatures a note may have here; the specification asks for at least 16.
    public static let signaturesMax = 128

    /// What is signed, with its final newline.
    public let text: String
    /// The signature lines, in order; at least one.
    public let signatures: [NoteSignature]

    /// Puts a note together. Throws `.malformed(.signedNote)` when the text doesn't end in a newline or has another
    /// control character, or when there is no signature.
    public init(text: String, signatures: [NoteSignature]) throws(TransparencyError) {
        let isClean = text.utf8.allSatisfy { $0 >= 0x20 || $0 == UInt8(ascii: "\n") }
        guard isClean, text.utf8.last == UInt8(ascii: "\n"), (1...SignedNote.signaturesMax).contains(signatures.count)
        else { throw .malformed(.signedNote) }
        self.text = text
        self.signatures = signatures
    }

    /// The note's bytes: text, empty line, signature lines.
    public var encoded: [UInt8] {
        Array((text + "\n" + signatures.map(\.line).joined()).utf8)
    }

    /// Reads a note. Throws `.malformed(.signedNote)` for anything that the specification forbids, one bad signature
    /// line included, and past `bytesMax` or `signaturesMax`.
    public init(encoded: [UInt8]) throws(TransparencyError) {
        let newline = UInt8(ascii: "\n")
        guard encoded.count <= SignedNote.bytesMax, encoded.last == newline,
            encoded.allSatisfy({ $0 >= 0x20 || $0 == newline }),
            // The last empty line divides; the text keeps the newline before it.
            let empty = encoded.indices.dropFirst().last(where: { encoded[$0] == newline && encoded[$0 - 1] == newline }
            ),
            let text = String(validating: encoded[..<empty], as: UTF8.self),
            String(validating: encoded[empty...], as: UTF8.self) != nil
        else { throw .malformed(.signedNote) }
        let lines = encoded[(empty + 1)...].dropLast().split(separator: newline, omittingEmptySubsequences: false)
        guard lines.count <= SignedNote.signaturesMax else { throw .malformed(.signedNote) }
        var signatures: [NoteSignature] = []
        for line in lines {
            guard let signature = NoteSignature(line: line) else { throw .malformed(.signedNote) }
            signatures.append(signature)
        }
        try self.init(text: text, signatures: signatures)
    }
}
