import Wire

/// Reads a JSON object as protobuf's JSON mapping does (API-10…14): names in two spellings, `null` as absent, unknown
/// names ignored. Every departure is one refusal, for the caller can do the same about each: send valid JSON.
struct ProtoMessage {
    private let node: JSON?
    /// A request has a dozen values; it is read on the event loop, where many would keep others waiting.
    private static let limits = JSONLimits(valuesMax: 1000)

    /// Reads a request's body; an empty one is an empty message (API-17). Throws ``Refusal/bodyUnparsable``.
    init(body: [UInt8]) throws(Refusal) {
        do {
            // A NUL in a field is for the field's own reader to refuse.
            node = try JSON.parse(body, limits: Self.limits, trailing: .ignored, allowsNUL: true)
        } catch .empty {
            node = nil
        } catch {
            throw .bodyUnparsable
        }
        if let node, node.kind != .object { throw .bodyUnparsable }
    }

    private init(node: JSON?) {
        self.node = node
    }

    /// Whether a field is there and not null.
    func has(_ names: String...) throws(Refusal) -> Bool {
        try field(names) != nil
    }

    /// A message inside; an empty one when absent.
    func message(_ names: String...) throws(Refusal) -> ProtoMessage {
        guard let value = try field(names) else { return ProtoMessage(node: nil) }
        guard value.kind == .object else { throw .bodyUnparsable }
        return ProtoMessage(node: value)
    }

    /// A text as bytes; empty when absent.
    func string(_ names: String...) throws(Refusal) -> [UInt8] {
        guard let value = try field(names) else { return [] }
        guard let bytes = value.utf8Bytes else { throw .bodyUnparsable }
        return bytes
    }

    /// A `bytes` field, in any base64 that protobuf's mapping takes (API-13); empty when absent.
    func bytes(_ names: String...) throws(Refusal) -> [UInt8] {
        guard let value = try field(names) else { return [] }
        guard let text = value.utf8Bytes, let bytes = try? Base64.decodeLenient(text) else { throw .bodyUnparsable }
        return bytes
    }

    /// Checks an enum that is not used: any text or any 32-bit whole number will do (API-11, API-12).
    func ignoredEnum(_ names: String...) throws(Refusal) {
        guard let value = try field(names) else { return }
        if value.kind == .string { return }
        guard let number = value.number, number == number.rounded(), abs(number) <= Double(Int32.max) else {
            throw .bodyUnparsable
        }
    }

    /// The field under any of its names; both spellings at once are a duplicate.
    private func field(_ names: [String]) throws(Refusal) -> JSON? {
        guard let node else { return nil }
        var found: JSON?
        var isNamed = false
        for name in names {
            guard let value = node[name] else { continue }
            if isNamed { throw .bodyUnparsable }
            isNamed = true
            found = value.isNull ? nil : value
        }
        return found
    }
}
