import ArgumentParser
import Authority
import Keys
import Log
import Transparency

/// A log's signed checkpoint, its signature checked.
struct LogHead {
    /// The checkpoint as it is served.
    let checkpoint: [UInt8]
    /// What it says.
    let tree: TreeHead

    /// Takes the newest one of a log. Throws the exit code after printing why not.
    init(of log: OfflineLog.Embedded, key: PublicKey) async throws(ExitCode) {
        do {
            checkpoint = try await log.reader.head().checkpoint
        } catch {
            throw LogFailure.exit("\(error)")
        }
        do {
            tree = try Self.tree(checkpoint, origin: log.origin, key: key)
        } catch {
            throw LogFailure.exit("couldn't trust the log's checkpoint: \(error)", hint: "is it this log's public key?")
        }
    }

    /// What a checkpoint says that the log has signed.
    static func tree(_ checkpoint: [UInt8], origin: LogOrigin, key: PublicKey) throws(TransparencyError) -> TreeHead {
        try SignedTreeHead(checkpoint: try SignedNote(encoded: checkpoint), origin: origin, key: key).head
    }
}
