import Dispatch
import Log
import Synchronization

/// A few connections, made when they are needed and kept. One that met an error, or that the server has closed, is
/// replaced by the next caller, so the store comes back when the server does.
final class PostgresPool: Sendable {
    private struct State {
        var idle: [PostgresConnection] = []
        var isClosed = false
    }

    private let source: DataSourceName
    private let state: Mutex<State>
    private let free: DispatchSemaphore

    /// How long a caller waits for a connection.
    private static let waitSeconds = 2.0

    /// Makes a pool of up to `count` connections.
    init(source: DataSourceName, count: Int) {
        self.source = source
        state = Mutex(State())
        free = DispatchSemaphore(value: count)
    }

    /// Lends a connection. One with which `body` throws is closed, and so what it did is undone. Throws `.busy` when all
    /// are lent for too long, `.closed`, and why a new one can't be made.
    func run<Value>(
        _ body: (PostgresConnection) throws(LogStoreError) -> Value
    ) throws(LogStoreError) -> Value {
        guard free.wait(timeout: .now() + Self.waitSeconds) == .success else { throw .busy }
        defer { free.signal() }
        let connection = try take()
        let value = try body(connection)
        state.withLock { if !$0.isClosed { $0.idle.append(connection) } }
        return value
    }

    /// Closes all connections.
    func close() {
        state.withLock { state in
            state.isClosed = true
            state.idle = []
        }
    }

    private func take() throws(LogStoreError) -> PostgresConnection {
        let (kept, isClosed) = state.withLock { ($0.idle.popLast(), $0.isClosed) }
        guard !isClosed else { throw .closed }
        if let kept, kept.isQuiet { return kept }
        do throws(LogStorageError) { return try PostgresConnection(to: source) } catch {
            if case .unusable(_, let error) = error { throw error }
            throw LogStoreError(sqlState: nil)
        }
    }
}
