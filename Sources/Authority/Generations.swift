import Files
import Wire

/// A section's keys over time. `mayfly.yaml` names the first for ever; what came after it stands in a file beside the key,
/// `<key>.generations.json`, which only commands write, whole and at once.
///
/// Nothing in it says which one is in use: that follows from the clock, so nothing has to be changed when the time comes, and
/// several servers with copies of the file change together.
struct Generations: Sendable, Equatable {
    /// The file.
    let path: String
    /// In the order of their times, at least one.
    private(set) var list: [Generation]

    /// The generations beside a key, or only the first one that the configuration names. Throws `.file`.
    init(beside key: String, first: Generation) throws(AuthorityError) {
        path = Self.path(beside: key)
        let bytes: [UInt8]?
        do { bytes = try WholeFile.read(path, bytesMax: FileSystem.bytesMax) } catch {
            throw .file(path: path, .unreadable(error.code))
        }
        list = [first]
        if let bytes { list = try read(bytes) }
    }

    /// The one that signs at a moment, and its number, from 1.
    func signing(at seconds: Int64) -> (generation: Generation, number: Int) {
        let place = list.lastIndex { $0.signsFromSeconds <= seconds } ?? list.startIndex
        return (list[place], place + 1)
    }

    /// When another one begins to sign, in seconds since 1970; nil when none waits.
    func nextChangeSeconds(after seconds: Int64) -> Int64? {
        list.map(\.signsFromSeconds).filter { $0 > seconds }.min()
    }

    /// Those that verifiers must know, the one that signs at a moment last.
    func published(at seconds: Int64) -> [Generation] {
        let (current, number) = signing(at: seconds)
        return list.enumerated().filter { $0.offset != number - 1 }.map(\.element) + [current]
    }

    /// The number of one of them, from 1; nil for the one that signs at a moment.
    func number(of generation: Generation, unlessSigningAt seconds: Int64) -> Int? {
        let number = list.firstIndex(of: generation).map { $0 + 1 }
        return number == signing(at: seconds).number ? nil : number
    }

    /// Adds one that signs later, and ends the one before it `graceSeconds` after that.
    mutating func add(_ next: Generation, graceSeconds: Int64) {
        list[list.endIndex - 1].endSeconds = next.signsFromSeconds + graceSeconds
        list.append(next)
    }

    /// Writes the file: after a crash there is the old content or the new one. Throws `.file`.
    func write() throws(AuthorityError) {
        let text = JSONText.object([("generations", .array(list.map(json)))]).encoded() + [UInt8(ascii: "\n")]
        do { try WholeFile.replace(path, with: text) } catch { throw .file(path: path, .unwritable(error.code)) }
    }

    /// The name of a file of the next generation, beside the first one's: `issuing.key` becomes `issuing-2.key`.
    func next(_ file: String) -> String {
        let name = file.split(separator: "/").last.map(String.init) ?? file
        let stem = name.prefix { $0 != "." }
        return "\(WholeFile.folder(of: file))/\(stem)-\(list.count + 1)\(name.dropFirst(stem.count))"
    }

    private static func path(beside key: String) -> String {
        (key.hasSuffix(".key") ? String(key.dropLast(4)) : key) + ".generations.json"
    }

    // MARK: The file

    private static let names = ["key", "chain", "public-key", "origin", "database", "start", "signs-from", "end"]

    private func json(_ generation: Generation) -> JSONText {
        let folder = WholeFile.folder(of: path)
        func relative(_ file: String?) -> JSONText? {
            file.map { .string($0.hasPrefix(folder + "/") ? String($0.dropFirst(folder.count + 1)) : $0) }
        }
        let members: [(String, JSONText?)] = [
            ("key", relative(generation.key)), ("chain", relative(generation.chain)),
            ("public-key", relative(generation.publicKey)), ("origin", generation.origin.map { .string($0) }),
            ("database", relative(generation.database)),
            ("start", .string(RFC3339.text(seconds: generation.startSeconds))),
            ("signs-from", .string(RFC3339.text(seconds: generation.signsFromSeconds))),
            ("end", generation.endSeconds.map { .string(RFC3339.text(seconds: $0)) }),
        ]
        return .object(members.compactMap { name, value in value.map { (name, $0) } })
    }

    private func read(_ bytes: [UInt8]) throws(AuthorityError) -> [Generation] {
        func refuse(_ rule: String) -> AuthorityError { .file(path: path, .malformed(rule: rule)) }
        guard let document = try? JSON.parse(bytes), let elements = document["generations"]?.elements, !elements.isEmpty
        else { throw refuse("it must be a JSON object with a list `generations`") }
        let folder = WholeFile.folder(of: path)
        var list: [Generation] = []
        for element in elements {
            guard let members = element.members, members.allSatisfy({ Self.names.contains($0.name) }),
                members.allSatisfy({ $0.value.string != nil })
            else { throw refuse("each generation must be an object of texts that are known here") }
            func file(_ name: String) -> String? {
                element[name]?.string.map { $0.hasPrefix("/") ? $0 : "\(folder)/\($0)" }
            }
            func time(_ name: String) throws(AuthorityError) -> Int64? {
                guard let text = element[name]?.string else { return nil }
                guard let seconds = RFC3339.seconds(text) else {
                    throw refuse("\(name) must be a time such as 2026-11-24T17:00:00Z")
                }
                return seconds
            }
            guard let start = try time("start"), let signsFrom = try time("signs-from"), start <= signsFrom,
                list.last.map({ $0.signsFromSeconds <= signsFrom }) ?? true
            else { throw refuse("each generation must have a start and signs-from, in order") }
            list.append(
                Generation(
                    key: file("key"),
                    chain: file("chain"),
                    publicKey: file("public-key"),
                    origin: element["origin"]?.string,
                    database: file("database"),
                    startSeconds: start,
                    signsFromSeconds: signsFrom,
                    endSeconds: try time("end")
                )
            )
        }
        return list
    }
}
