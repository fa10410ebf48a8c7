import Keys
import Wire

/// A Rekor v1 log's promise, the signed entry timestamp.
///
/// What is signed, with ECDSA and SHA-256, in the canonical form of RFC 8785:
/// `{"body": base64, "integratedTime": seconds, "logID": hexadecimal, "logIndex": number}`
struct LogPromise {
    let entry: LogEntry
    let signature: [UInt8]

    /// Returns when the log signed this, and its key was in use then. Throws `.promiseKeyUnsupported`, `.promiseInvalid` and
    /// `.promiseOutsideWindow`.
    func verify(_ log: TrustedLog) throws(LogProblem) {
        switch log.key.algorithm {
        case .p256, .p384, .p521: break
        case .rsa, .ed25519: throw .promiseKeyUnsupported
        }
        let message = JSONText.object([
            ("body", .string(Base64.encode(entry.body))),
            ("integratedTime", .integer(entry.integratedSeconds)),
            ("logID", .string(Hexadecimal.encode(entry.logID))),
            ("logIndex", .integer(Int64(clamping: entry.index.value))),
        ]).canonical()
        do { try log.key.verify(signature, over: message, with: .ecdsa(.sha256)) } catch { throw .promiseInvalid }
        guard let milliseconds = entry.integratedMilliseconds, log.window.contains(milliseconds: milliseconds) else {
            throw .promiseOutsideWindow
        }
    }
}
