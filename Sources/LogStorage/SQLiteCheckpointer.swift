import GRDB
import Synchronization

/// Moves pages from the write-ahead log into the database. SQLite's automatic checkpoint would do that inside a commit,
/// and everybody who waits for a place would wait for it too. So the bulk is moved on a connection and a queue of its
/// own; the writer then moves the few pages that were committed meanwhile, and its next commit begins the write-ahead
/// log anew. (One that grows instead makes every commit twice as slow: the file system has to allocate blocks.)
final class SQLiteCheckpointer: Sendable {
    /// In pages of 4 KiB: where SQLite's automatic checkpoint steps in, should this one fail or fall behind.
    static let pagesMax = 16_384

    /// About so many pages are worth a checkpoint.
    static let pagesWanted = 1000

    private enum Stage {
        case waiting
        /// The bulk is being moved.
        case running
        /// The writer is to move the rest.
        case finishing
    }

    private let database: DatabaseQueue
    private let state = Mutex((stage: Stage.waiting, pages: 0))

    init(path: String, configuration: Configuration) throws {
        database = try DatabaseQueue(path: path, configuration: configuration)
    }

    /// To be told of every commit. Starts a checkpoint when enough has been committed; doesn't wait for it.
    func noteCommit(entryCount: Int) {
        let starts = state.withLock { state in
            // Measured: a batch changes about five pages, and each entry three.
            state.pages += 5 + 3 * entryCount
            guard state.pages >= SQLiteCheckpointer.pagesWanted, state.stage == .waiting else { return false }
            state = (.running, 0)
            return true
        }
        guard starts else { return }
        database.asyncWriteWithoutTransaction { [self] db in
            // One that fails is made good by the next: until then the pages stay in the write-ahead log.
            _ = try? db.checkpoint(.passive)
            state.withLock { $0.stage = .finishing }
        }
    }

    /// To be called by the writer between transactions.
    func finish(on writer: Database) {
        let isDue = state.withLock { state in
            guard state.stage == .finishing else { return false }
            state.stage = .waiting
            return true
        }
        if isDue { _ = try? writer.checkpoint(.passive) }
    }

    /// Waits for a running checkpoint, and closes the connection.
    func close() throws {
        try database.close()
    }
}
