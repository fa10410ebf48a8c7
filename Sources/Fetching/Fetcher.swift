import CCurl
import Foundation
import Synchronization

/// Sends HTTP requests: one thread that owns libcurl's multi handle, and a bounded queue before it.
///
/// Connections are kept and used again. The thread starts with the first request and ends with ``shutdown()``; until
/// then it keeps the fetcher alive.
///
/// ```
///             submit              start                collect
/// (caller) ----------> submitted -------> running ---------------> answered
///     |  busy, stopped     |                 |  cancel, shutdown
///     +--> answered        +---> answered    +-------------------> answered
/// ```
///
/// 1. A transfer is answered exactly once, and leaves `inFlight` with that.
/// 2. Only the thread touches libcurl, but for `curl_multi_wakeup`.
/// 3. A transfer is in `running` as long as libcurl has its handle, so the pointer in libcurl's callbacks is good.
public final class Fetcher: Sendable {
    private struct State {
        var submitted: [Transfer] = []
        var cancelled: [UInt64] = []
        var inFlight = 0
        var isStopped = false
        var isRunning = false
    }

    /// libcurl allows `curl_multi_wakeup` from any thread while the handle lives; all else is the thread's alone.
    private struct Multi: @unchecked Sendable {
        let handle: UnsafeMutableRawPointer?
    }

    private static let hostConnectionsMax = 16

    private let state = Mutex(State())
    private let nextID = Atomic<UInt64>(0)
    private let multi: Multi
    private let inFlightMax: Int

    /// At most `inFlightMax` requests are under way or waiting at any time.
    public init(inFlightMax: Int = 512) {
        self.inFlightMax = inFlightMax
        curl_global_init(Int(CURL_GLOBAL_DEFAULT))
        multi = Multi(handle: curl_multi_init())
        if let handle = multi.handle {
            // Idle connections that are kept, over all hosts. Should libcurl refuse, it keeps its own limits.
            mayfly_curl_multi_set_long(handle, CURLMOPT_MAXCONNECTS, 32)
            // More requests to one host wait inside libcurl for a connection, their timeouts running.
            mayfly_curl_multi_set_long(handle, CURLMOPT_MAX_HOST_CONNECTIONS, Self.hostConnectionsMax)
        }
    }

    deinit {
        curl_multi_cleanup(multi.handle)
    }

    /// Sends a request and returns the answer, of whatever status; redirects are followed as far as the policy says.
    /// Throws ``FetchError``.
    public func fetch(_ request: FetchRequest) async throws(FetchError) -> FetchResponse {
        var request = request
        let deadline = ContinuousClock.now + .seconds(min(max(request.timeoutSeconds, 1), 3600))
        guard let origin = URLParts(request.url), request.policy.allowsHTTP || origin.scheme == "https" else {
            throw .urlRefused
        }
        for _ in 0...max(0, request.policy.redirectsMax) {
            let response = try await send(request, deadline: deadline)
            guard [301, 302, 303, 307, 308].contains(response.status), request.method == .get,
                let location = response.headers["location"]
            else { return response }
            guard let target = URLParts.resolve(location, against: request.url), let parts = URLParts(target) else {
                throw .redirectRefused(host: "an address that can't be read")
            }
            guard parts == origin else { throw .redirectRefused(host: parts.host) }
            request.url = target
        }
        throw .redirectRefused(host: origin.host)
    }

    /// Ends every request with `.cancelled`, and the thread.
    public func shutdown() {
        state.withLock { $0.isStopped = true }
        curl_multi_wakeup(multi.handle)
    }

    private func send(
        _ request: FetchRequest,
        deadline: ContinuousClock.Instant
    ) async throws(FetchError) -> FetchResponse {
        let left = (deadline - ContinuousClock.now) / .milliseconds(1)
        guard left >= 1 else { throw .timeout }
        let id = nextID.wrappingAdd(1, ordering: .relaxed).newValue
        let result: Result<FetchResponse, FetchError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let transfer = Transfer(id: id, request: request, timeoutMilliseconds: Int(left)) {
                    continuation.resume(returning: $0)
                }
                if let refusal = submit(transfer) { transfer.answer(.failure(refusal)) }
                // The handler may have run before there was anything to cancel.
                if Task.isCancelled { cancel(id) }
            }
        } onCancel: {
            cancel(id)
        }
        return try result.get()
    }

    private func submit(_ transfer: Transfer) -> FetchError? {
        guard multi.handle != nil else { return .transferFailed }
        let (refusal, mustStart): (FetchError?, Bool) = state.withLock { state in
            if state.isStopped { return (.cancelled, false) }
            guard state.inFlight < inFlightMax else { return (.busy, false) }
            state.inFlight += 1
            state.submitted.append(transfer)
            let mustStart = !state.isRunning
            state.isRunning = true
            return (nil, mustStart)
        }
        if mustStart {
            let thread = Thread { self.run() }
            thread.name = "fetcher"
            thread.stackSize = 1 << 20
            thread.start()
        }
        curl_multi_wakeup(multi.handle)
        return refusal
    }

    private func cancel(_ id: UInt64) {
        state.withLock { state in
            if state.isRunning { state.cancelled.append(id) }
        }
        curl_multi_wakeup(multi.handle)
    }
}

// MARK: On the thread

extension Fetcher {
    private func run() {
        var running: [UnsafeMutableRawPointer: Transfer] = [:]
        while true {
            let (submitted, cancelled, isStopped) = state.withLock { state in
                defer {
                    state.submitted = []
                    state.cancelled = []
                }
                return (state.submitted, state.cancelled, state.isStopped)
            }
            for transfer in submitted { start(transfer, &running) }
            if !cancelled.isEmpty || isStopped {
                for (easy, transfer) in running where isStopped || cancelled.contains(transfer.id) {
                    end(easy, .failure(.cancelled), &running)
                }
            }
            if isStopped { return }
            var count: Int32 = 0
            let isWorking = curl_multi_perform(multi.handle, &count) == CURLM_OK
            collect(&running)
            // Waits for sockets, for libcurl's own timers, or to be woken.
            guard isWorking, curl_multi_poll(multi.handle, nil, 0, 1000, nil) == CURLM_OK else {
                // Out of memory or of file descriptors: nobody is kept waiting, and the thread doesn't spin.
                for easy in Array(running.keys) { end(easy, .failure(.transferFailed), &running) }
                usleep(100_000)
                continue
            }
        }
    }

    private func start(_ transfer: Transfer, _ running: inout [UnsafeMutableRawPointer: Transfer]) {
        do throws(FetchError) {
            try transfer.prepare()
        } catch {
            return answer(transfer, .failure(error))
        }
        guard let easy = transfer.easy, curl_multi_add_handle(multi.handle, easy) == CURLM_OK else {
            return answer(transfer, .failure(.transferFailed))
        }
        running[easy] = transfer
    }

    private func collect(_ running: inout [UnsafeMutableRawPointer: Transfer]) {
        var waiting: Int32 = 0
        while let message = curl_multi_info_read(multi.handle, &waiting) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle,
                let transfer = running[easy]
            else { continue }
            end(easy, transfer.outcome(of: message.pointee.data.result), &running)
        }
    }

    private func end(
        _ easy: UnsafeMutableRawPointer,
        _ result: Result<FetchResponse, FetchError>,
        _ running: inout [UnsafeMutableRawPointer: Transfer]
    ) {
        curl_multi_remove_handle(multi.handle, easy)
        if let transfer = running.removeValue(forKey: easy) { answer(transfer, result) }
    }

    private func answer(_ transfer: Transfer, _ result: Result<FetchResponse, FetchError>) {
        state.withLock { $0.inFlight -= 1 }
        transfer.answer(result)
    }
}
