import CJansson

/// A value inside a parsed JSON document (RFC 8259).
///
/// Copying one costs a reference count: it points into the document, which lives as long as any value of it, and is
/// never changed. Duplicate names are refused at every level, so what one reader sees every reader sees.
public struct JSON: @unchecked Sendable {
    // Unchecked, because of the pointer: jansson's read-only calls change nothing, and nobody else has the document.
    private let document: JSONDocument
    private let node: UnsafeMutablePointer<json_t>

    private init(document: JSONDocument, node: UnsafeMutablePointer<json_t>) {
        self.document = document
        self.node = node
    }

    /// Parses one JSON value of any kind, a bare number or text included.
    ///
    /// Throws ``WireError/empty`` if there is only white space, the three limit errors before jansson sees a byte, and
    /// ``WireError/json(_:line:column:)`` for the rest. A byte order mark is refused (RFC 8259 §8.1 allows that), and
    /// so is U+0000 in a text unless `allowsNUL`.
    public static func parse(
        _ bytes: [UInt8],
        limits: JSONLimits = .default,
        trailing: TrailingBytes = .refused,
        allowsNUL: Bool = false
    ) throws(WireError) -> JSON {
        guard bytes.count <= limits.bytesMax else { throw .jsonTooLarge(bytesMax: limits.bytesMax) }
        if let refusal = bytes.withUnsafeBufferPointer({ JSONScan.refusal(of: $0, limits: limits) }) { throw refusal }
        var flags = JSON_REJECT_DUPLICATES | JSON_DECODE_ANY
        if trailing == .ignored { flags |= JSON_DISABLE_EOF_CHECK }
        if allowsNUL { flags |= JSON_ALLOW_NUL }
        var error = json_error_t()
        let root = bytes.withUnsafeBytes { raw in
            json_loadb(raw.baseAddress?.assumingMemoryBound(to: CChar.self), raw.count, Int(flags), &error)
        }
        guard let root else {
            throw .json(JSONProblem(error), line: Int(error.line), column: max(0, Int(error.column)))
        }
        return JSON(document: JSONDocument(adopting: root), node: root)
    }

    /// The kind of this value.
    public var kind: Kind {
        switch node.pointee.type {
        case JSON_OBJECT: .object
        case JSON_ARRAY: .array
        case JSON_STRING: .string
        case JSON_INTEGER: .integer
        case JSON_REAL: .real
        case JSON_TRUE, JSON_FALSE: .bool
        default: .null
        }
    }

    /// The member of this name; nil if there is none, or if this is not an object.
    public subscript(name: String) -> JSON? {
        var name = name
        return withExtendedLifetime(document) {
            let value = name.withUTF8 { utf8 in
                utf8.withMemoryRebound(to: CChar.self) { json_object_getn(node, $0.baseAddress, $0.count) }
            }
            return value.map { JSON(document: document, node: $0) }
        }
    }

    /// The text, if this is a text.
    public var string: String? { withUTF8 { String(decoding: $0, as: UTF8.self) } }

    /// The UTF-8 bytes of the text, if this is a text.
    public var utf8Bytes: [UInt8]? { withUTF8 { [UInt8]($0) } }

    /// Lends the UTF-8 bytes of the text without copying them; nil if this is not a text. They are valid inside `body`.
    public func withUTF8<R, E: Error>(_ body: (UnsafeBufferPointer<UInt8>) throws(E) -> R) throws(E) -> R? {
        defer { withExtendedLifetime(document) {} }
        guard let start = json_string_value(node) else { return nil }
        let count = json_string_length(node)
        let bytes = UnsafeRawPointer(start).assumingMemoryBound(to: UInt8.self)
        return try body(UnsafeBufferPointer(start: bytes, count: count))
    }

    /// The exact whole number, if this is a number written without fraction and exponent.
    public var integer: Int64? { kind == .integer ? read { json_integer_value($0) } : nil }

    /// The number, if this is one; a whole number above 2^53 is rounded.
    public var number: Double? {
        switch kind {
        case .integer: read { Double(json_integer_value($0)) }
        case .real: read { json_real_value($0) }
        default: nil
        }
    }

    /// The truth value, if this is one.
    public var bool: Bool? { kind == .bool ? read { $0.pointee.type == JSON_TRUE } : nil }

    /// Whether this is `null`.
    public var isNull: Bool { kind == .null }

    /// The elements in their order, if this is an array.
    public var elements: [JSON]? {
        guard kind == .array else { return nil }
        return read { array in
            (0..<json_array_size(array)).compactMap { index in
                json_array_get(array, index).map { JSON(document: document, node: $0) }
            }
        }
    }

    /// The members in the order of the text, if this is an object.
    public var members: [(name: String, value: JSON)]? {
        guard kind == .object else { return nil }
        return read { object in
            var members: [(name: String, value: JSON)] = []
            members.reserveCapacity(json_object_size(object))
            var iterator = json_object_iter(object)
            while let current = iterator {
                if let name = json_object_iter_key(current), let value = json_object_iter_value(current) {
                    let bytes = UnsafeRawBufferPointer(start: name, count: json_object_iter_key_len(current))
                    let text = String(decoding: bytes, as: UTF8.self)
                    members.append((name: text, value: JSON(document: document, node: value)))
                }
                iterator = json_object_iter_next(object, current)
            }
            return members
        }
    }

    private func read<R>(_ body: (UnsafeMutablePointer<json_t>) -> R) -> R {
        withExtendedLifetime(document) { body(node) }
    }
}

extension JSON {
    /// The kinds of value.
    public enum Kind: Sendable, Hashable {
        /// Names and values in braces.
        case object
        /// Values in brackets.
        case array
        /// A text.
        case string
        /// A number without fraction and exponent; it fits Int64.
        case integer
        /// A number with fraction or exponent; it fits Double.
        case real
        /// `true` or `false`.
        case bool
        /// `null`.
        case null
    }
}

extension JSONProblem {
    fileprivate init(_ error: json_error_t) {
        let code = withUnsafePointer(to: error) { mayfly_json_error_code($0) }
        switch UInt32(truncatingIfNeeded: code) {
        case json_error_premature_end_of_input.rawValue: self = .unfinished
        case json_error_end_of_input_expected.rawValue: self = .trailingBytes
        case json_error_invalid_utf8.rawValue: self = .notUnicode
        case json_error_null_character.rawValue, json_error_null_byte_in_key.rawValue: self = .nulCharacter
        case json_error_duplicate_key.rawValue: self = .duplicateName
        case json_error_numeric_overflow.rawValue: self = .numberRange
        default: self = .syntax
        }
    }
}
