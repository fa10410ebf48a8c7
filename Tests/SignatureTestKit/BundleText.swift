package import Wire

/// A JSON text whose parts can be changed by their path, such as `verificationMaterial.tlogEntries[0].logIndex`.
package struct BundleText {
    package let text: JSONText

    package init(_ json: [UInt8]) throws {
        text = Self.text(try JSON.parse(json))
    }

    private static func text(_ json: JSON) -> JSONText {
        if let members = json.members { return .object(members.map { ($0.name, text($0.value)) }) }
        if let elements = json.elements { return .array(elements.map(text)) }
        if let number = json.integer { return .integer(number) }
        return json.string.map { .string($0) } ?? .null
    }

    /// The paths of all texts and numbers.
    package var paths: [String] { visit(text, "").filter(\.isValue).map(\.path) }

    /// The paths of all members, objects and arrays among them.
    package var members: [String] { visit(text, "").filter { !$0.path.isEmpty && !$0.path.hasSuffix("]") }.map(\.path) }

    /// The paths of all objects.
    package var objects: [String] { visit(text, "").filter(\.isObject).map(\.path) }

    /// The text with one value changed: base64 in its last byte, a number by one, any other text at its end.
    package func changing(_ path: String) -> JSONText {
        replacing(text, "", path) { value in
            guard case .string(let text) = value else { return .null }
            if let number = Int64(text) { return .string(String(number + 1)) }
            if text.utf8.count > 20, var bytes = try? Base64.decode(text), let last = bytes.popLast() {
                return .string(Base64.encode(bytes + [last ^ 1]))
            }
            return .string(text + "x")
        }
    }

    /// The text without one member.
    package func removing(_ path: String) -> JSONText {
        replacing(text, "", path) { _ in nil }
    }

    /// The text with one more member in an object.
    package func adding(_ name: String, _ member: JSONText = .integer(1), to path: String) -> JSONText {
        replacing(text, "", path) { value in
            guard case .object(let members) = value else { return value }
            return .object(members + [(name, member)])
        }
    }

    /// The text with one member or element replaced.
    package func setting(_ path: String, _ value: JSONText) -> JSONText {
        replacing(text, "", path) { _ in value }
    }

    /// The text with all elements of an array twice.
    package func doubling(_ path: String) -> JSONText {
        replacing(text, "", path) { value in
            guard case .array(let elements) = value else { return value }
            return .array(elements + elements)
        }
    }

    private struct Place {
        let path: String
        let isValue: Bool
        let isObject: Bool
    }

    private func visit(_ value: JSONText, _ path: String) -> [Place] {
        switch value {
        case .object(let members):
            return [Place(path: path, isValue: false, isObject: true)]
                + members.flatMap { visit($0.1, Self.join(path, $0.0)) }
        case .array(let elements):
            return [Place(path: path, isValue: false, isObject: false)]
                + elements.enumerated().flatMap { visit($0.element, "\(path)[\($0.offset)]") }
        default: return [Place(path: path, isValue: true, isObject: false)]
        }
    }

    private func replacing(
        _ value: JSONText,
        _ path: String,
        _ wanted: String,
        _ change: (JSONText) -> JSONText?
    ) -> JSONText {
        if path == wanted { return change(value) ?? .null }
        switch value {
        case .object(let members):
            return .object(
                members.compactMap { name, member in
                    let place = Self.join(path, name)
                    if place == wanted { return change(member).map { (name, $0) } }
                    return (name, replacing(member, place, wanted, change))
                }
            )
        case .array(let elements):
            return .array(
                elements.enumerated().map { replacing($0.element, "\(path)[\($0.offset)]", wanted, change) }
            )
        default: return value
        }
    }

    private static func join(_ path: String, _ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
}
