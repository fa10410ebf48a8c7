/// The one base64 decoder behind ``Base64`` and ``PEMBlock``.
enum Base64Decoder {
    /// What a variant allows.
    struct Rules {
        enum Padding { case required, optional, forbidden }

        /// For each byte its value 0…63, or one of the codes below.
        let table: [UInt8]
        let padding: Padding
        /// Whether unused bits of the last character must be zero.
        let isCanonical: Bool

        static let standard = Rules(table: makeTable(Base64Encoder.standard), padding: .required, isCanonical: true)
        static let url = Rules(table: makeTable(Base64Encoder.url), padding: .forbidden, isCanonical: true)
        static let lenientStandard = Rules(table: standard.table, padding: .optional, isCanonical: false)
        static let lenientURL = Rules(table: url.table, padding: .optional, isCanonical: false)
        /// Go's encoding/pem: padded, white space anywhere.
        static let pem = Rules(
            table: makeTable(Base64Encoder.standard, skipped: Array(" \t\r\n".utf8)),
            padding: .required,
            isCanonical: false
        )

        private static func makeTable(_ alphabet: [UInt8], skipped: [UInt8] = []) -> [UInt8] {
            var table = [UInt8](repeating: refused, count: 256)
            for (value, character) in alphabet.enumerated() { table[Int(character)] = UInt8(value) }
            for character in skipped { table[Int(character)] = Base64Decoder.skipped }
            table[Int(UInt8(ascii: "="))] = pad
            return table
        }
    }

    private static let pad: UInt8 = 64
    private static let skipped: UInt8 = 65
    private static let refused: UInt8 = 66

    static func decode(_ text: some Collection<UInt8>, rules: Rules) throws(WireError) -> [UInt8] {
        try withBuffer(text) { decode(buffer: $0, rules: rules) }.get()
    }

    /// protojson chooses the alphabet by this question, so "+" beside "-" is an error there as here.
    static func decodeLenient(_ text: some Collection<UInt8>) throws(WireError) -> [UInt8] {
        try withBuffer(text) { buffer in
            let isURL = buffer.contains { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
            return decode(buffer: buffer, rules: isURL ? .lenientURL : .lenientStandard)
        }.get()
    }

    // A collection from another module has no specialised loop here; its storage has.
    private static func withBuffer<R>(_ text: some Collection<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
        text.withContiguousStorageIfAvailable(body) ?? Array(text).withUnsafeBufferPointer(body)
    }

    private static func decode(buffer: UnsafeBufferPointer<UInt8>, rules: Rules) -> Result<[UInt8], WireError> {
        var problem: WireError?
        let bytes = [UInt8](unsafeUninitializedCapacity: buffer.count / 4 * 3 + 3) { output, count in
            rules.table.withUnsafeBufferPointer { table in
                do throws(WireError) {
                    count = try decode(buffer, to: output, table: table, rules: rules)
                } catch {
                    count = 0
                    problem = error
                }
            }
        }
        return problem.map { .failure($0) } ?? .success(bytes)
    }

    /// Returns the count of bytes written: three for each four characters of the alphabet, so `output` always suffices.
    private static func decode(
        _ input: UnsafeBufferPointer<UInt8>,
        to output: UnsafeMutableBufferPointer<UInt8>,
        table: UnsafeBufferPointer<UInt8>,
        rules: Rules
    ) throws(WireError) -> Int {
        var index = 0
        var written = 0
        var group: UInt32 = 0
        var held = 0
        while index < input.count {
            // Four characters at once as long as all are of the alphabet; what stops this loop is looked at singly.
            while held == 0, index + 4 <= input.count {
                let a = table[Int(input[index])]
                let b = table[Int(input[index + 1])]
                let c = table[Int(input[index + 2])]
                let d = table[Int(input[index + 3])]
                guard (a | b | c | d) < 64 else { break }
                output[written] = a << 2 | b >> 4
                output[written + 1] = b << 4 | c >> 2
                output[written + 2] = c << 6 | d
                written += 3
                index += 4
            }
            guard index < input.count else { break }
            let value = table[Int(input[index])]
            if value < 64 {
                group = group << 6 | UInt32(value)
                held += 1
                if held == 4 {
                    output[written] = UInt8(truncatingIfNeeded: group >> 16)
                    output[written + 1] = UInt8(truncatingIfNeeded: group >> 8)
                    output[written + 2] = UInt8(truncatingIfNeeded: group)
                    written += 3
                    group = 0
                    held = 0
                }
            } else if value == pad, held >= 2, rules.padding != .forbidden {
                break
            } else if value != skipped {
                throw .base64Character(offset: index)
            }
            index += 1
        }
        try checkPadding(input, from: index, held: held, table: table, rules: rules)
        guard held > 0 else { return written }
        let unused = group & (held == 2 ? 0x0F : 0x03)
        if rules.isCanonical && unused != 0 { throw .base64TrailingBits }
        output[written] = UInt8(truncatingIfNeeded: held == 2 ? group >> 4 : group >> 10)
        if held == 2 { return written + 1 }
        output[written + 1] = UInt8(truncatingIfNeeded: group >> 2)
        return written + 2
    }

    /// The rest of the text, from the first padding character on, must fit the characters held of the last group.
    private static func checkPadding(
        _ input: UnsafeBufferPointer<UInt8>,
        from start: Int,
        held: Int,
        table: UnsafeBufferPointer<UInt8>,
        rules: Rules
    ) throws(WireError) {
        var count = 0
        for index in start..<input.count {
            let value = table[Int(input[index])]
            if value == pad {
                count += 1
            } else if value != skipped {
                throw .base64Character(offset: index)
            }
        }
        let full = held == 0 ? 0 : 4 - held
        guard held != 1, count == full || (count == 0 && rules.padding != .required) else { throw .base64Length }
    }
}
