public import Log
import Transparency
import Wire

/// Which entries are asked for by `POST /api/v1/log/entries/retrieve` of Rekor v1.
public struct EntryQuery: Sendable, Equatable {
    /// One of them.
    enum Wanted: Sendable, Equatable {
        case id(EntryID)
        case index(LeafIndex)
    }

    /// The most entries of one question: each is a proof and two signatures.
    public static let entriesMax = 10

    /// The most of them that may be proposed entries: those are verified.
    public static let proposalsMax = 2

    let wanted: [Wanted]

    /// The part of the question that names entries, without those that it has by their index.
    public var byName: EntryQuery {
        EntryQuery(wanted: wanted.filter { if case .id = $0 { true } else { false } })
    }

    private init(wanted: [Wanted]) {
        self.wanted = wanted
    }

    /// Reads a question. Proposed entries are verified like new ones: CPU work. Throws `.badParameter`.
    ///
    /// ```
    /// {"entryUUIDs": [hex], "entries": [{a proposed entry}], "logIndexes": [number]}        each may be missing
    /// ```
    public init(_ body: [UInt8]) throws(LogReadError) {
        guard let json = try? JSON.parse(body), json.kind == .object else {
            throw .badParameter("the body", rule: "must be a JSON object")
        }
        func elements(_ name: String) throws(LogReadError) -> [JSON] {
            guard let list = json[name], !list.isNull else { return [] }
            guard let elements = list.elements else { throw .badParameter(name, rule: "must be a list") }
            return elements
        }
        let (ids, entries, indexes) = (try elements("entryUUIDs"), try elements("entries"), try elements("logIndexes"))
        guard ids.count + entries.count + indexes.count <= Self.entriesMax else {
            throw .badParameter("more than max allowed \(Self.entriesMax) entries", rule: "in request")
        }
        guard entries.count <= Self.proposalsMax else {
            throw .badParameter("entries", rule: "must be \(Self.proposalsMax) at most; ask for others by their names")
        }
        var wanted: [Wanted] = []
        for text in ids {
            guard let id = text.string.flatMap({ EntryID(text: $0) }) else {
                throw .badParameter("entryUUIDs", rule: "must have 64 or 80 hexadecimal digits each")
            }
            wanted.append(.id(id))
        }
        var effort = VerificationEffort()
        for json in entries {
            do {
                wanted.append(.id(EntryID(leafHash: try ProposedEntry(json, &effort).body.leafHash)))
            } catch {
                throw .badParameter("entries", rule: "must be proposed entries: \(error)")
            }
        }
        for number in indexes {
            guard let index = number.integer, index >= 0 else {
                throw .badParameter("logIndexes", rule: "must be whole numbers")
            }
            wanted.append(.index(LeafIndex(UInt64(index))))
        }
        self.wanted = wanted
    }
}
