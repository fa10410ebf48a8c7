/// Why a log didn't take a chain; `index` counts from the submitted certificate, 0.
public enum SubmissionProblem: Error, Equatable, Sendable {
    /// The body isn't `{"chain": [base64, …]}` with 1 to ``ChainSubmission/certificatesMax`` texts.
    case bodyUnparsable
    /// This element isn't a certificate, or not in DER.
    case certificateUnparsable(index: Int)
    /// This certificate isn't issued by the next one, or its signature is wrong.
    case notIssuedByNext(index: Int)
    /// This certificate isn't one of the CA certificates that this log knows.
    case issuerUnknown(index: Int)
    /// `add-chain` was given a precertificate.
    case precertificate
    /// `add-pre-chain` was given a certificate, or the poison isn't critical or isn't a NULL.
    case poisonMissing
    /// The precertificate has timestamps already.
    case timestamped
}

extension SubmissionProblem: CustomStringConvertible {
    /// A sentence for the submitter.
    public var description: String {
        switch self {
        case .bodyUnparsable:
            "the body must be a JSON object whose chain is 1 to \(ChainSubmission.certificatesMax) texts in base64"
        case .certificateUnparsable(let index): "element \(index) of the chain is not a certificate in DER"
        case .notIssuedByNext(let index): "element \(index) of the chain is not issued by the next one"
        case .issuerUnknown(0): "the certificate is not issued by a CA of this log"
        case .issuerUnknown(let index): "element \(index) of the chain is not a CA of this log"
        case .precertificate: "a precertificate belongs to add-pre-chain"
        case .poisonMissing: "a precertificate must have the poison extension, critical and NULL"
        case .timestamped: "a precertificate must not have timestamps"
        }
    }
}
