import Templates

enum TemplateDecoders {
    /// A template and what it makes of claims; the result has a limit.
    @Sendable static func template(_ bytes: [UInt8]) {
        guard let template = try? Template(String(decoding: bytes, as: UTF8.self)) else { return }
        let values = ["a": "b", "b": "", "c": "0", "name": "é", "url": "github.com", "ref": "refs/heads/main"]
        guard let text = try? template.render({ values[$0] }) else { return }
        Decoders.require(text.utf8.count <= Template.bytesMax, "the result is bounded")
    }
}
