import CertificateLog
import Certificates
import Fetching
import Keys
import LogTestKit
import Synchronization
import TestKit
import Testing
import Transparency
import Wire

/// Another's log that answers as told, in a world whose time passes only when somebody sleeps.
final class ScriptedLog: Sendable {
    /// What a request meets.
    enum Step: Sendable {
        case answer(status: Int, headers: [String: String] = [:], body: [UInt8] = [])
        case failure(FetchError)
        /// The promise that belongs to the request.
        case promise(Change = Change())
    }

    /// What is wrong with a promise.
    struct Change: Sendable {
        var milliseconds: Int64 = 0
        var extensions = bytes("0000050000000007")
        var members: [String: JSONText?] = [:]
        var signs: @Sendable (SignedCertificateTimestamp) throws -> SignedCertificateTimestamp = { $0 }
    }

    private struct World {
        var steps: [Step]
        var requests: [FetchRequest] = []
        var sleeps: [Duration] = []
        var uptime = Duration.seconds(1_000_000)
    }

    let authority: TwoTierAuthority
    let key: SigningKey
    let clock = TestClock(UInt64(TwoTierAuthority.now) * 1000)
    private let world: Mutex<World>
    private let fetchSeconds: Int

    /// The last step is repeated for ever; each request takes `fetchSeconds`.
    init(_ steps: [Step], algorithm: KeyAlgorithm = .p256, fetchSeconds: Int = 0) throws {
        authority = try TwoTierAuthority()
        key = try SigningKey.generate(algorithm)
        world = Mutex(World(steps: steps))
        self.fetchSeconds = fetchSeconds
    }

    var requests: [FetchRequest] { world.withLock { $0.requests } }
    var sleeps: [Duration] { world.withLock { $0.sleeps } }

    /// A client of this log; jitter takes `random` of half of each wait.
    func client(
        hostHeader: String? = nil,
        deadlineSeconds: Int = 20,
        submissionsMax: Int = 128,
        random: Double = 0,
        publicKey: PublicKey? = nil,
        fetch: RemoteCertificateLog.Fetch? = nil
    ) -> RemoteCertificateLog {
        // Not in one expression: the compiler (6.3.1) can't lower a closure with typed throws behind `??`.
        let scripted: RemoteCertificateLog.Fetch = { request throws(FetchError) in try self.answer(request) }
        return RemoteCertificateLog(
            settings: RemoteLogSettings(
                url: "https://log.example.com/2026/",
                publicKey: publicKey ?? key.publicKey,
                policy: FetchPolicy(),
                hostHeader: hostHeader,
                deadlineSeconds: deadlineSeconds,
                submissionsMax: submissionsMax
            ),
            chain: authority.chain,
            environment: RemoteCertificateLog.Environment(
                fetch: fetch ?? scripted,
                now: clock.now,
                uptime: { self.world.withLock { $0.uptime } },
                sleep: { self.sleep($0) },
                random: { random }
            )
        )
    }

    /// Appends a precertificate and verifies the promise.
    func issue(_ client: RemoteCertificateLog) async throws -> SignedCertificateTimestamp {
        try client.timestamp(for: try await client.append(try TestSubmission(authority).submission))
    }

    private func sleep(_ wait: Duration) {
        world.withLock {
            $0.sleeps.append(wait)
            $0.uptime += wait
        }
    }

    private func answer(_ request: FetchRequest) throws(FetchError) -> FetchResponse {
        let step = world.withLock { world in
            world.requests.append(request)
            world.uptime += .seconds(fetchSeconds)
            return world.steps.count > 1 ? world.steps.removeFirst() : world.steps[0]
        }
        switch step {
        case .failure(let error): throw error
        case .answer(let status, let headers, let body):
            return FetchResponse(status: status, headers: headers, body: body)
        case .promise(let change):
            guard let body = try? promise(request, change) else { throw .transferFailed }
            return FetchResponse(status: 200, headers: [:], body: body)
        }
    }

    private func promise(_ request: FetchRequest, _ change: Change) throws -> [UInt8] {
        let json = try JSON.parse(request.body)
        let chain = try #require(json["chain"]?.elements).map { element in
            let der = try Base64.decode(try #require(element.string))
            return try Certificate(der: der)
        }
        let entry = CertificateEntry.precertificate(
            issuerKeyHash: try chain[1].publicKey.sha256,
            tbsCertificate: try chain[0].precertificateTBS()
        )
        let milliseconds = UInt64(Int64(clock.now().milliseconds) + change.milliseconds)
        let signed = TimestampedEntry(
            timestamp: EntryTimestamp(milliseconds: milliseconds),
            entry: entry,
            extensions: try SCTExtensions(bytes: change.extensions)
        )
        let timestamp = try change.signs(try SignedCertificateTimestamp(signing: signed, with: key))
        guard !change.members.isEmpty else { return timestamp.json }
        let members: [(String, JSONText)] = [
            ("sct_version", .integer(0)), ("id", .string(Base64.encode(timestamp.logID.bytes))),
            ("timestamp", .integer(Int64(timestamp.timestamp.milliseconds))),
            ("extensions", .string(Base64.encode(timestamp.extensions.bytes))),
            ("signature", .string(Base64.encode(timestamp.signature.encoded))),
        ]
        return JSONText.object(
            members.compactMap { name, value in
                if let changed = change.members[name] { changed.map { (name, $0) } } else { (name, value) }
            }
        ).encoded()
    }
}
