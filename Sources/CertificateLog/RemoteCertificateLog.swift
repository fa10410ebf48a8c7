public import Certificates
public import Fetching
import Keys
import Synchronization
public import Transparency
import Wire

/// Another's log, reached over RFC 6962 §4.2 `add-pre-chain` (CT-1…8).
///
/// What it answers is used only when it is signed by the configured key, over our precertificate, about now. Its
/// failures become ours: nothing is issued without its promise.
public final class RemoteCertificateLog: CertificateLog {
    /// Sends one request; the network in production.
    public typealias Fetch = @Sendable (FetchRequest) async throws(FetchError) -> FetchResponse

    /// The farthest that a log's clock may be from ours, in seconds.
    static let clockDriftMaxSeconds: Int64 = 300
    /// The most bytes that an answer may have; a timestamp has some 400.
    private static let answerBytesMax = 1 << 16

    private let settings: RemoteLogSettings
    private let chain: [JSONText]
    private let environment: Environment
    private let underWay = Mutex(0)

    /// The world outside.
    public struct Environment: Sendable {
        let fetch: Fetch
        let now: @Sendable () -> EntryTimestamp
        let uptime: @Sendable () -> Duration
        let sleep: @Sendable (Duration) async throws -> Void
        let random: @Sendable () -> Double

        /// `now` is the calendar's time, for timestamps; `uptime` only ever goes on, for the deadline; `random` gives
        /// 0 ..< 1, for jitter.
        public init(
            fetch: @escaping Fetch,
            now: @escaping @Sendable () -> EntryTimestamp,
            uptime: @escaping @Sendable () -> Duration = Environment.stopwatch(),
            sleep: @escaping @Sendable (Duration) async throws -> Void,
            random: @escaping @Sendable () -> Double
        ) {
            self.fetch = fetch
            self.now = now
            self.uptime = uptime
            self.sleep = sleep
            self.random = random
        }

        /// The time since it was made.
        public static func stopwatch() -> @Sendable () -> Duration {
            let start = ContinuousClock.now
            return { ContinuousClock.now - start }
        }
    }

    /// Submits precertificates issued under `chain`.
    public init(settings: RemoteLogSettings, chain: CertificateChain, environment: Environment) {
        self.settings = settings
        self.environment = environment
        self.chain = chain.certificates.map { .string(Base64.encode($0.der)) }
    }

    /// Submits until the log answers or the deadline has passed. Stores no record and counts no use. Throws the `remote…` cases and `.transparency`.
    public func append(
        _ submission: PrecertificateSubmission
    ) async throws(CertificateLogError) -> SequencedPrecertificate {
        try takePlace()
        defer { underWay.withLock { $0 -= 1 } }
        let body = JSONText.object([
            ("chain", .array([.string(Base64.encode(submission.der))] + chain))
        ]).encoded()
        let answer = try await submit(body)
        do throws(TransparencyError) {
            let timestamp = try SignedCertificateTimestamp(json: answer)
            return SequencedPrecertificate(entry: submission.entry, promise: .received(timestamp))
        } catch {
            throw .transparency(error)
        }
    }

    /// Verifies the promise that was received: signed by the configured key, over this precertificate, about now.
    /// CPU work. Throws `.transparency` and `.remoteClock`.
    public func timestamp(
        for sequenced: SequencedPrecertificate
    ) throws(CertificateLogError) -> SignedCertificateTimestamp {
        guard case .received(let timestamp) = sequenced.promise else {
            throw .transparency(.logIDMismatch(expected: LogID(of: settings.publicKey)))
        }
        do throws(TransparencyError) {
            try timestamp.verify(sequenced.entry, key: settings.publicKey)
        } catch {
            throw .transparency(error)
        }
        let away = timestamp.timestamp.seconds - environment.now().seconds
        guard abs(away) <= Self.clockDriftMaxSeconds else { throw .remoteClock(secondsAway: away) }
        return timestamp
    }

    /// Whether the configured key can be a log's. Whether the log works shows only at a submission. Throws
    /// `.transparency(.unsupportedLogKey)`.
    public func checkReady() async throws(CertificateLogError) {
        do throws(TransparencyError) {
            _ = try DigitallySigned.Algorithm(of: settings.publicKey.algorithm)
        } catch {
            throw .transparency(error)
        }
    }

    /// Nothing is kept.
    public func close() async {}

    private func takePlace() throws(CertificateLogError) {
        let isFree = underWay.withLock { count in
            guard count < settings.submissionsMax else { return false }
            count += 1
            return true
        }
        guard isFree else { throw .remoteQueueFull }
    }

    private func submit(_ body: [UInt8]) async throws(CertificateLogError) -> [UInt8] {
        let deadline = environment.uptime() + .seconds(settings.deadlineSeconds)
        var backoff = Backoff(random: environment.random)
        while true {
            let left = deadline - environment.uptime()
            switch try await attempt(body, timeoutSeconds: max(1, Int(clamping: left.components.seconds))) {
            case .answered(let answer):
                return answer
            case .failed(let failure, let retryAfter):
                let ownWait = backoff.next()
                let wait = retryAfter ?? ownWait
                // A request's own limit is in whole seconds, so one less would outlive the deadline.
                guard environment.uptime() + wait + .seconds(1) <= deadline else { throw failure }
                do {
                    try await environment.sleep(wait)
                } catch {
                    throw .remoteUnreachable(.cancelled)
                }
            }
        }
    }

    private enum Attempt {
        case answered([UInt8])
        /// May pass; `retryAfter` is the log's wish.
        case failed(CertificateLogError, retryAfter: Duration?)
    }

    /// Throws what won't pass: every status but 200 and those that ask for patience (CT-10), TLS failures, and so on.
    private func attempt(_ body: [UInt8], timeoutSeconds: Int) async throws(CertificateLogError) -> Attempt {
        let response: FetchResponse
        do throws(FetchError) {
            response = try await environment.fetch(request(body, timeoutSeconds: timeoutSeconds))
        } catch {
            guard error.mayPass else { throw .remoteUnreachable(error) }
            return .failed(.remoteUnreachable(error), retryAfter: nil)
        }
        switch response.status {
        case 200: return .answered(response.body)
        case 408, 429, 503:
            // A log that says 0 is not to be asked without a pause all the same; a date is taken for no wish.
            let seconds = response.headers["retry-after"].flatMap { Int32($0) } ?? 0
            return .failed(
                .remoteBusy(status: response.status),
                retryAfter: seconds > 0 ? .seconds(Int64(seconds)) : nil
            )
        default: throw .remoteRefused(status: response.status)
        }
    }

    private func request(_ body: [UInt8], timeoutSeconds: Int) -> FetchRequest {
        var headers = [("Content-Type", "application/json")]
        if let host = settings.hostHeader { headers.append(("Host", host)) }
        return FetchRequest(
            url: settings.url + "/ct/v1/add-pre-chain",
            method: .post,
            headers: headers,
            body: body,
            timeoutSeconds: timeoutSeconds,
            responseBytesMax: Self.answerBytesMax,
            policy: settings.policy
        )
    }
}

extension FetchError {
    /// Whether another try may well succeed.
    fileprivate var mayPass: Bool {
        switch self {
        case .hostUnknown, .connectionFailed, .timeout, .transferFailed, .busy: true
        case .urlRefused, .tlsFailed, .tooLarge, .redirectRefused, .cancelled: false
        }
    }
}
