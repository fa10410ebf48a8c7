import Audit
import Identity
import Settings
import Wire

enum EncodingDecoders {
    @Sendable static func base64(_ bytes: [UInt8]) {
        if let decoded = try? Base64.decode(bytes) {
            Decoders.require(Array(Base64.encode(decoded).utf8) == bytes, "one text for the same bytes")
        }
        if let decoded = try? Base64.decodeURL(bytes) {
            Decoders.require(Array(Base64.encodeURL(decoded).utf8) == bytes, "one base64url text for the same bytes")
        }
        _ = try? Base64.decodeLenient(bytes)
        Decoders.require((try? Base64.decode(Base64.encode(bytes))) == bytes, "what is encoded can be decoded")
        Decoders.require((try? Base64.decodeURL(Base64.encodeURL(bytes))) == bytes, "so can base64url")
    }

    @Sendable static func pem(_ bytes: [UInt8]) {
        guard let blocks = try? PEMBlock.all(in: bytes) else { return }
        Decoders.require((try? PEMBlock.first(in: bytes)) == blocks.first, "the first block is the first of all")
        let written = blocks.map(\.text).joined()
        Decoders.require((try? PEMBlock.all(in: Array(written.utf8))) == blocks, "what is written can be read")
    }

    @Sendable static func json(_ bytes: [UInt8]) {
        _ = try? JSON.parse(bytes, limits: JSONLimits(bytesMax: 1 << 14, depthMax: 8))
        _ = try? JSON.parse(bytes, trailing: .ignored, allowsNUL: true)
        guard let json = try? JSON.parse(bytes) else { return }
        let written = text(json).encoded()
        guard let again = try? JSON.parse(written) else {
            return Decoders.require(false, "what is written can be read")
        }
        Decoders.require(text(again).encoded() == written, "what is read again is the same")
    }

    /// The value to be written; numbers with a fraction become texts.
    private static func text(_ json: JSON) -> JSONText {
        if let members = json.members {
            for member in members { Decoders.require(json[member.name] != nil, "each member is found by its name") }
            return .object(members.map { ($0.name, text($0.value)) })
        }
        if let elements = json.elements { return .array(elements.map(text)) }
        if let string = json.string { return .string(string) }
        if let integer = json.integer { return .integer(integer) }
        if let number = json.number { return .string("\(number)") }
        return json.bool.map(JSONText.bool) ?? .null
    }

    @Sendable static func yaml(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        _ = try? IdentitySettings.parse(text)
        guard let node = try? SettingsNode.parse(text) else { return }
        _ = try? AuditSettings(node) { $0 }
        if let object = try? node.object(
            known: ["oidc-issuers", "meta-issuers", "ci-issuer-metadata", "audit"],
            spelling: .kebabOrCamel
        ) {
            _ = try? IdentitySettings(sections: object, unknownKeys: .refused)
        }
        visit(node)
    }

    private static func visit(_ node: SettingsNode) {
        _ = try? node.string()
        _ = try? node.bool()
        _ = try? node.duration()
        _ = try? node.integer(in: 0...100)
        for element in (try? node.list()) ?? [] { visit(element) }
        for (_, value) in (try? node.mapping()) ?? [] { visit(value) }
    }
}
