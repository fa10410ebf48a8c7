public import Certificates
public import Fetching
import Keys
public import Transparency
import Wire

/// Another's log, reached over RFC 6962 §4.2 `add-pre-chain` (CT-1…8).
public struct RemoteCertificateLog: CertificateLog {
    /// Sends one request; the network in production.
    public typealias Fetch = @Sendable (FetchRequest) async throws(FetchError) -> FetchResponse

    /// The farthest that a log's clock may be from ours, in seconds.
    static let clockDriftMaxSeconds: Int64 = 300

    private let settings: RemoteLogSettings
    private let chain: [JSONText]
    private let environment: Environment

    /// The world outside.
    public struct Environment: Sendable {
        let fetch: Fetch
        let now: @Sendable () -> EntryTimestamp
        let sleep: @Sendable (Duration) async throws -> Void
        let random: @Sendable () -> Double

        /// `random` gives 0 ..< 1, for jitter.
        public init(
            fetch: @escaping Fetch, now: @escaping @Sendable () -> EntryTimestamp,
            sleep: @escaping @Sendable (Duration) async throws -> Void, random: @escaping @Sendable () -> Double
        ) {
            self.fetch = fetch
            self.now = now
            self.sleep = sleep
            self.random = random
        }
    }

    /// Submits precertificates issued under `chain`.
    public init(settings: RemoteLogSettings, chain: CertificateChain, environment: Environment) {
        self.settings = settings
        self.environment = environment
        self.chain = chain.certificates.map { .string(Base64.encode($0.der)) }
    }

    /// Submits until the log answers or the deadline has passed. Throws the `remote…` cases and `.transparency`.
    public func append(
        _ submission: PrecertificateSubmission
    ) async throws(CertificateLogError) -> SequencedPrecertificate {
        let body = JSONText.object([
            ("chain", .array([.string(Base64.encode(submission.der))] + chain))
        ]).encoded()
        let response = try await submit(body)
        do {
            let timestamp = try SignedCertificateTimestamp(json: response.body)
            return SequencedPrecertificate(entry: submission.entry, promise: .received(timestamp))
        } catch {
            throw .transparency(error)
        }
    }

    /// Verifies the promise that was received: signed by the configured key, over this precertificate, about now.
    public func timestamp(
        for sequenced: SequencedPrecertificate
    ) throws(CertificateLogError) -> SignedCertificateTimestamp {
        guard case .received(let timestamp) = sequenced.promise else {
            throw .transparency(.logIDMismatch(expected: LogID(of: settings.publicKey)))
        }
        do { try timestamp.verify(sequenced.entry, key: settings.publicKey) } catch { throw .transparency(error) }
        let seconds = Int64(clamping: timestamp.timestamp.milliseconds / 1000)
        let away = seconds - Int64(clamping: environment.now().milliseconds / 1000)
        guard abs(away) <= Self.clockDriftMaxSeconds else { throw .remoteClock(secondsAway: away) }
        return timestamp
    }

    /// A remote log is only known to work when it does; its failures show at the submission.
    public func checkReady() async throws(CertificateLogError) {}

    /// Nothing is kept.
    public func close() async {}

    /// Retries what may pass: no connection, 408, 429 and 503 (CT-10).
    private func submit(_ body: [UInt8]) async throws(CertificateLogError) -> FetchResponse {
        let start = environment.now().milliseconds
        let deadline = start + UInt64(settings.deadlineSeconds) * 1000
        var backoff = Backoff(random: environment.random)
        while true {
            let failure: CertificateLogError
            var wait = backoff.next()
            let left = Int(clamping: (deadline - min(deadline, environment.now().milliseconds)) / 1000)
            do {
                let response = try await environment.fetch(request(body, timeoutSeconds: max(1, left)))
                switch response.status {
                case 200: return response
                case 408, 429, 503:
                    failure = .remoteBusy(status: response.status)
                    if let seconds = response.headers["retry-after"].flatMap({ Int($0) }), seconds >= 0 {
                        wait = .seconds(min(seconds, settings.deadlineSeconds))
                    }
                default: throw CertificateLogError.remoteRefused(status: response.status)
                }
            } catch let error as FetchError {
                guard error.mayPass else { throw .remoteUnreachable(error) }
                failure = .remoteUnreachable(error)
            } catch {
                throw (error as? CertificateLogError) ?? .remoteUnreachable(.transferFailed)
            }
            let wake = environment.now().milliseconds + UInt64(clamping: wait.components.seconds) * 1000
            guard wake < deadline else { throw failure }
            do { try await environment.sleep(wait) } catch { throw .remoteUnreachable(.cancelled) }
        }
    }

    private func request(_ body: [UInt8], timeoutSeconds: Int) -> FetchRequest {
        var headers = [("Content-Type", "application/json")]
        if let host = settings.hostHeader { headers.append(("Host", host)) }
        return FetchRequest(
            url: settings.url + "/ct/v1/add-pre-chain", method: .post, headers: headers, body: body,
            timeoutSeconds: timeoutSeconds, responseBytesMax: 1 << 16, policy: settings.policy)
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
