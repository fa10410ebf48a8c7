/// Why bytes could not be read or written in one of the encodings of this room.
///
/// No case carries input text: an error may be shown to whoever sent the bytes, and logged.
public enum WireError: Error, Equatable, Sendable {
    /// A character outside the base64 alphabet, or padding where none may be, at this offset in bytes (RFC 4648 §3.3).
    case base64Character(offset: Int)
    /// A base64 text of impossible length, or with too little or too much padding (RFC 4648 §3.2, §4).
    case base64Length
    /// The unused bits of the last base64 character are not zero, where the canonical form is asked for (RFC 4648 §3.5).
    case base64TrailingBits
    /// No complete PEM block was found (RFC 7468 §2).
    case pemMissing
    /// There is nothing to parse: no bytes, or white space only.
    case empty
    /// The JSON text is larger than allowed.
    case jsonTooLarge(bytesMax: Int)
    /// Arrays and objects are nested deeper than allowed.
    case jsonTooDeep(depthMax: Int)
    /// The JSON text holds more values than allowed.
    case jsonTooManyValues(valuesMax: Int)
    /// The text is not JSON as RFC 8259 and this room want it; line and column count from 1 and 0 as jansson does.
    case json(JSONProblem, line: Int, column: Int)
    /// The bytes end before the field that should be read; counts are bytes (RFC 8446 §3).
    case tlsTruncated(needed: Int, available: Int)
    /// Bytes are left after the last field of a structure.
    case tlsTrailingBytes(count: Int)
    /// A value does not fit the field that should hold it.
    case tlsTooLong(count: Int, max: Int)
}

extension WireError: CustomStringConvertible {
    /// One line, safe to show: it holds positions and limits, never input.
    public var description: String {
        switch self {
        case .base64Character(let offset): "base64: character not allowed at offset \(offset)"
        case .base64Length: "base64: wrong length or padding"
        case .base64TrailingBits: "base64: unused bits are not zero"
        case .pemMissing: "no PEM block found"
        case .empty: "nothing to parse"
        case .jsonTooLarge(let bytesMax): "JSON: larger than \(bytesMax) bytes"
        case .jsonTooDeep(let depthMax): "JSON: nested deeper than \(depthMax)"
        case .jsonTooManyValues(let valuesMax): "JSON: more than \(valuesMax) values"
        case .json(let problem, let line, let column): "JSON: line \(line), column \(column): \(problem)"
        case .tlsTruncated(let needed, let available): "structure needs \(needed) bytes where \(available) are left"
        case .tlsTrailingBytes(let count): "structure is followed by \(count) unexpected bytes"
        case .tlsTooLong(let count, let max): "value \(count) is above the field's maximum \(max)"
        }
    }
}
