public import Transparency

/// Why a witness doesn't cosign (tlog-witness, "add-checkpoint").
public enum WitnessRefusal: Error, Equatable, Sendable {
    /// The request has another form, or its old size is larger than its checkpoint's.
    case malformed
    /// No log of that origin is known here.
    case originUnknown
    /// No signature by the log's key, or one that doesn't verify.
    case notSigned
    /// The witness's latest checkpoint has this size, and the request starts from another.
    case conflict(latest: TreeSize)
    /// The checkpoint isn't shown to continue the witness's latest one.
    case inconsistent
    /// The witness couldn't keep the checkpoint, so it didn't sign; the number is errno.
    case notStored(code: Int32)
    /// The witness's own key failed.
    case signingFailed
}

extension WitnessRefusal {
    /// The HTTP status that the specification sets.
    public var status: Int {
        switch self {
        case .malformed: 400
        case .notSigned: 403
        case .originUnknown: 404
        case .conflict: 409
        case .inconsistent: 422
        case .notStored, .signingFailed: 500
        }
    }
}

extension WitnessRefusal: CustomStringConvertible {
    /// A sentence for the log's operator.
    public var description: String {
        switch self {
        case .malformed: "couldn't read the request"
        case .notSigned: "couldn't accept the checkpoint: it isn't signed by the log's key"
        case .originUnknown: "couldn't accept the checkpoint: this log isn't known here"
        case .conflict(let size): "couldn't cosign: the latest cosigned checkpoint has size \(size)"
        case .inconsistent: "couldn't cosign: the checkpoint isn't shown to continue the latest cosigned one"
        case .notStored: "couldn't cosign: the checkpoint couldn't be kept"
        case .signingFailed: "couldn't cosign: the witness's key failed"
        }
    }
}
