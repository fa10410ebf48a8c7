import Foundation
import Wire

/// What a real client sent to a log of Rekor v1, and what it was content with.
struct Captured: CustomStringConvertible {
    static let clients = ["cosign-sign-blob", "cosign-attest-blob", "py-sign", "py-attest", "gitsign-commit"]

    let description: String
    /// The body of the request.
    let request: [UInt8]
    /// The entry's id in the answer.
    let id: String
    /// The entry in the answer.
    let entry: JSON

    init(_ client: String) throws {
        description = client
        let exchange = try JSON.parse(try Self.file("\(client).json"))
        request = try Self.require(exchange["request"]?.utf8Bytes)
        let answer = try JSON.parse(try Self.require(exchange["answer"]?.utf8Bytes))
        let member = try Self.require(answer.members?.first)
        (id, entry) = (member.name, member.value)
    }

    /// The leaf.
    var body: [UInt8] { (entry["body"]?.utf8Bytes).flatMap { try? Base64.decode($0) } ?? [] }

    /// The request with a member, named by its path, replaced; nil removes it.
    func request(_ path: String, _ value: JSONText?) throws -> [UInt8] {
        let json = try JSON.parse(request)
        return Self.text(json, path.split(separator: ".").map(String.init)[...], value).encoded()
    }

    private static func text(_ json: JSON, _ path: ArraySlice<String>, _ value: JSONText?) -> JSONText {
        switch json.kind {
        case .object:
            var members: [(String, JSONText)] = []
            for (name, member) in json.members ?? [] {
                if name != path.first {
                    members.append((name, text(member, [], nil)))
                } else if path.count > 1 {
                    members.append((name, text(member, path.dropFirst(), value)))
                }
            }
            if path.count == 1, let name = path.first, let value { members.append((name, value)) }
            return .object(members)
        case .array: return .array((json.elements ?? []).map { text($0, [], nil) })
        case .string: return .string(json.string ?? "")
        case .integer: return .integer(json.integer ?? 0)
        case .bool: return .bool(json.bool ?? false)
        case .real, .null: return .null
        }
    }

    static func file(_ name: String) throws -> [UInt8] {
        let folder = URL(filePath: #filePath).appending(path: "../../EndToEnd/data/rekor-v1").standardized
        return [UInt8](try Data(contentsOf: folder.appending(path: name)))
    }

    struct Missing: Error {}

    private static func require<Value>(_ value: Value?) throws -> Value {
        guard let value else { throw Missing() }
        return value
    }
}
