import Foundation

/// A folder that goes with the test.
public final class ScratchFolder: Sendable {
    private let url: URL

    /// Makes one with a name of its own; a short one, for sockets' paths are.
    public init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("test-\(UUID().uuidString.prefix(12))")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    /// Where it is.
    public var directory: String { url.path }

    /// The path of a file in it.
    public func path(_ name: String) -> String { url.appendingPathComponent(name).path }

    /// What is in a file; nothing when there is none.
    public func read(_ name: String) -> [UInt8] {
        FileManager.default.contents(atPath: path(name)).map(Array.init) ?? []
    }

    /// Writes a file anew.
    public func write(_ bytes: [UInt8], to name: String) {
        _ = FileManager.default.createFile(atPath: path(name), contents: Data(bytes))
    }

    /// Every file and what is in it.
    public var files: [String: [UInt8]] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
        return Dictionary(uniqueKeysWithValues: names.map { ($0, read($0)) })
    }

    /// What is in a file, cut at its line breaks; the piece after the last one is "" when all lines are whole.
    public func lines(_ name: String) -> [String] {
        String(decoding: read(name), as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init)
    }
}
