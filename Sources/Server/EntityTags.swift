/// The entity tags of a condition (RFC 9110 §13.1): `*`, or a list of `"…"` and `W/"…"`.
struct EntityTags {
    private let text: String

    init(_ text: String) {
        self.text = text
    }

    /// Whether a strong tag is among them; strongly, weak ones are other tags (RFC 9110 §8.8.3.2).
    ///
    /// A tag of ours has no comma, so one inside of a foreign tag may split that one.
    func match(_ tag: String, strongly: Bool) -> Bool {
        if text == "*" { return true }
        return text.split(separator: ",").contains { item in
            var item = item.drop { $0 == " " || $0 == "\t" }
            while item.last == " " || item.last == "\t" { item.removeLast() }
            return item == tag || (!strongly && item == "W/" + tag)
        }
    }
}
