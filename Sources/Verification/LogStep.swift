import Keys

/// Step A: the signature is recorded in a log that is trusted (client specification §4.1).
///
/// Entries of logs that are not in the trusted root are passed over. Of the others every one must be good: its promise if
/// it has one, its proof if it has one, and what it records.
struct LogStep {
    let logs: [TrustedLog]
    let bundle: Bundle
    let signer: SignerKey

    /// What good entries give.
    struct Result {
        /// The log's moments that may be relied on: those of promises, for a proof doesn't cover them.
        var times: [SignatureTime] = []
        /// For people: each good entry's kind, place and log.
        var places: [String] = []
    }

    func run() throws(LogProblem) -> Result {
        guard !bundle.entries.isEmpty else { throw .noEntry }
        var result = Result()
        for entry in bundle.entries {
            guard let log = logs.first(where: { $0.id == entry.logID }) else { continue }
            try compare(entry)
            if let promise = entry.promise { try LogPromise(entry: entry, signature: promise).verify(log) }
            if let inclusion = entry.inclusion { try LogInclusion(entry: entry, inclusion: inclusion).verify(log) }
            if entry.integratedSeconds != 0, let certificate = signer.certificate {
                guard certificate.isValid(atSeconds: entry.integratedSeconds) else { throw .timeOutsideCertificate }
            }
            if entry.promise != nil, let milliseconds = entry.integratedMilliseconds {
                result.times.append(SignatureTime(source: .log, uri: log.baseURL, milliseconds: milliseconds))
            }
            result.places.append("\(entry.kind), entry \(entry.index) of \(log.baseURL)")
        }
        guard !result.places.isEmpty else { throw .logUnknown }
        return result
    }

    /// Whether the entry is of what the bundle says was signed.
    private func compare(_ entry: LogEntry) throws(LogProblem) {
        if entry.kind.isVersion2 {
            guard try RekorV2Body(kind: entry.kind, content: bundle.content, signer: signer).encoded == entry.body
            else {
                throw .entryMismatch(.body)
            }
            return
        }
        let body = try RekorV1Body(entry)
        guard body.signature == bundle.content.signature else { throw .entryMismatch(.signature) }
        guard signer.isNamed(byPEM: body.verifierPEM) else { throw .entryMismatch(.signer) }
        switch (entry.kind, bundle.content) {
        case (.hashedRekordV001, .message(let message)):
            guard body.digest == RekorV1Body.Digest(message.algorithm, message.digest) else {
                throw .entryMismatch(.digest)
            }
        case (.dsseV001, .envelope(let envelope)), (.intotoV002, .envelope(let envelope)):
            let digest = DigestAlgorithm.sha256.digest(envelope.payload)
            guard body.digest == RekorV1Body.Digest(.sha256, digest) else { throw .entryMismatch(.digest) }
        default: throw .kindUnsuitable(entry.kind)
        }
    }
}

extension LogEntry {
    /// When the log took the entry; nil when it doesn't say, and for what 64 bits can't hold.
    var integratedMilliseconds: Int64? {
        let (milliseconds, overflow) = integratedSeconds.multipliedReportingOverflow(by: 1000)
        return integratedSeconds == 0 || overflow ? nil : milliseconds
    }
}
