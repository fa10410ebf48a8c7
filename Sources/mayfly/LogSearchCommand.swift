import ArgumentParser
import Authority
import Certificates
import Keys
import Log
import Records
import Transparency

/// `mayfly log search`
struct LogSearchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Search what was issued and refused.",
        discussion: """
            Conditions are joined by AND and compare whole texts, with capitals; a * at the end of --identity or \
            --repository stands for anything. The newest come first. Exit code 0 when something was found, 1 when \
            nothing, 2 when the log couldn't be read.
            """
    )

    @OptionGroup var options: LogOptions

    @Option(help: "The certificate's name: an email address, a URI or a username; * at the end for any ending.")
    var identity: String?

    @Flag(help: "The text of --identity may stand anywhere in the name; slower, for every record is read.")
    var contains = false

    @Option(help: "The token's issuer.")
    var issuer: String?

    @Option(help: "The certificate's serial number in hexadecimal, with or without colons.")
    var serial: String?

    @Option(help: "The rule that decided.")
    var rule: String?

    @Option(help: "The source repository that the certificate names; * at the end for any ending.")
    var repository: String?

    @Option(help: "The token's subject; found also where only its hash is kept. Every record is read.")
    var subject: String?

    @Option(help: "The reason of a refusal, such as TOKEN_EXPIRED.")
    var reason: String?

    @Option(help: "From this moment on: 2026-11-24, 2026-11-24T09:30:00Z, or how long ago: 90s, 15m, 12h, 7d.")
    var since: String?

    @Option(help: "Before this moment; a date alone includes the day.")
    var until: String?

    @Flag(help: "Only requests that were refused.")
    var refused = false

    @Flag(help: "What was issued and what was refused.")
    var all = false

    @Option(help: "At most so many.")
    var limit: Int?

    @Option(help: "table, json (one array), jsonl (an object a line) or csv.")
    var format: RecordFormat = .table

    func validate() throws {
        if refused, all { throw ValidationError("--refused and --all exclude one another") }
        if contains, identity == nil { throw ValidationError("--contains needs --identity") }
        if let limit, limit < 1 { throw ValidationError("--limit must be at least 1") }
        _ = try query()
    }

    func run() async throws {
        let query = try query()
        let log = try options.open()
        var output = RecordOutput(format: format)
        var last: UInt64?
        var rest = limit ?? .max
        do {
            while rest > 0 {
                let count = min(rest, Self.pageCount)
                // It blocks, and nothing else runs in this process that would want the thread.
                let page = try log.records(matching: query, before: last, count: count)
                output.add(page)
                rest -= page.count
                last = page.last?.number
                guard page.count == count else { break }
            }
        } catch {
            throw LogFailure.exit("couldn't search the records: \(error)")
        }
        output.finish()
        if output.isEmpty { throw ExitCode(1) }
    }

    private static let pageCount = 500

    private func query() throws -> RecordQuery {
        var query = RecordQuery()
        query.decision = all ? nil : refused ? .refused : .issued
        query.identity = identity.map { contains ? .containing($0) : Self.condition($0) }
        query.repository = repository.map(Self.condition)
        query.issuer = issuer
        query.rule = rule
        query.reason = reason
        if let subject {
            query.subjects = [subject, "sha256:\(SHA256Digest(hashing: Array(subject.utf8)).hex)"]
        }
        query.serialHex = try serial.map(Self.serial)
        query.since = try since.map { try Self.time($0, "--since", isEnd: false) }
        query.until = try until.map { try Self.time($0, "--until", isEnd: true) }
        return query
    }

    private static func condition(_ text: String) -> RecordQuery.TextCondition {
        text.utf8.last == UInt8(ascii: "*") ? .beginning(String(text.dropLast())) : .equal(text)
    }

    private static func time(_ text: String, _ option: String, isEnd: Bool) throws -> EntryTimestamp {
        guard let time = UTCTime.parse(text, isEnd: isEnd, now: SystemClock.now()) else {
            throw ValidationError("\(option) must be like 2026-11-24, 2026-11-24T09:30:00Z or 12h (ago)")
        }
        return time
    }

    /// As ``SerialNumber/hex`` writes it.
    private static func serial(_ text: String) throws -> String {
        let digits = text.utf8.filter { $0 != UInt8(ascii: ":") }
        let even = digits.count.isMultiple(of: 2) ? digits : [UInt8(ascii: "0")] + digits
        let bytes = stride(from: 0, to: even.count, by: 2).map { at in
            UInt8(String(decoding: even[at..<at + 2], as: UTF8.self), radix: 16)
        }
        let number = bytes.compactMap { $0 }
        guard number.count == bytes.count, let serial = try? SerialNumber(bytes: number) else {
            throw ValidationError("--serial must be a hexadecimal number of at most 20 bytes")
        }
        return serial.hex
    }
}

/// How records are printed.
enum RecordFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json, jsonl, csv
}
