/// Why certificates cannot issue, or sign timestamps; `index` counts from the first certificate, 0.
public enum ChainProblem: Error, Equatable, Sendable {
    /// There is no certificate.
    case empty
    /// The issuer of this certificate is not the subject of the next one: the order must be issuing CA to root.
    case notOrdered(index: Int)
    /// The signature on this certificate is not by the next one's key, or a root's not by its own.
    case signatureInvalid(index: Int)
    /// OpenSSL's path validation failed for another reason; `code` is its `X509_V_ERR_*`.
    case notVerified(index: Int, code: Int32, reason: String)
    /// This certificate's last second has passed.
    case expired(index: Int)
    /// This certificate's first second is yet to come.
    case notYetValid(index: Int)
    /// This certificate ends before a leaf issued now would.
    case lifetimeTooShort(index: Int, remainingSeconds: Int64)
    /// This certificate is not a CA: basicConstraints are missing or say so.
    case notAuthority(index: Int)
    /// This certificate's key usage lacks keyCertSign.
    case keyCertSignMissing(index: Int)
    /// The issuing certificate has a parent, or the first of a path is a leaf, and does not list codeSigning in its extended
    /// key usage.
    case codeSigningMissing
    /// This certificate's extended key usage excludes codeSigning, so nothing below it may sign code (EKU nesting).
    case codeSigningNotNested(index: Int)
    /// The first certificate of a path is a CA, and should be a signer's.
    case isAuthority
    /// More CAs stand below this certificate than its pathLenConstraint allows.
    case pathTooLong(index: Int, pathLengthMax: Int)
    /// The issuing certificate's key is not the signer's.
    case keyMismatch
    /// This certificate's key, or the digest it is signed with, is too weak.
    case weak(index: Int)
    /// A timestamp authority's certificate stands alone: clients want its root behind it.
    case rootMissing
    /// A timestamp authority's certificate is a CA.
    case leafIsAuthority
    /// A timestamp authority's certificate doesn't have the key usage digitalSignature.
    case digitalSignatureMissing
    /// A timestamp authority's certificate doesn't have timeStamping as its only extended key usage, critical (RFC 3161 §2.3).
    case timeStampingNotAlone
    /// This certificate's extended key usage excludes timeStamping.
    case timeStampingNotNested(index: Int)
}

extension ChainProblem: CustomStringConvertible {
    /// One line that names the certificate by its place in the file, counted from 1.
    public var description: String {
        switch self {
        case .empty: "there is no certificate"
        case .notOrdered(let index): "\(Self.place(index)) is not followed by its issuer"
        case .signatureInvalid(let index): "\(Self.place(index)) is not signed by its issuer"
        case .notVerified(let index, _, let reason): "\(Self.place(index)) does not verify: \(reason)"
        case .expired(let index): "\(Self.place(index)) has expired"
        case .notYetValid(let index): "\(Self.place(index)) is not valid yet"
        case .lifetimeTooShort(let index, let seconds): "\(Self.place(index)) is valid for \(seconds) s more only"
        case .notAuthority(let index): "\(Self.place(index)) is not a CA"
        case .keyCertSignMissing(let index): "\(Self.place(index)) lacks the key usage keyCertSign"
        case .codeSigningMissing: "\(Self.place(0)) lacks the extended key usage codeSigning"
        case .codeSigningNotNested(let index): "\(Self.place(index)) excludes the extended key usage codeSigning"
        case .isAuthority: "\(Self.place(0)) is a CA, not a signer's"
        case .pathTooLong(let index, let max): "\(Self.place(index)) allows \(max) CAs below it"
        case .keyMismatch: "\(Self.place(0)) is for another key than the signer's"
        case .weak(let index): "\(Self.place(index)) has a weak key or signature"
        case .rootMissing: "\(Self.place(0)) is not followed by its root"
        case .leafIsAuthority: "\(Self.place(0)) is a CA, and must be a timestamp authority's own"
        case .digitalSignatureMissing: "\(Self.place(0)) lacks the key usage digitalSignature"
        case .timeStampingNotAlone:
            "\(Self.place(0)) must have timeStamping as its only extended key usage, marked critical"
        case .timeStampingNotNested(let index): "\(Self.place(index)) excludes the extended key usage timeStamping"
        }
    }

    private static func place(_ index: Int) -> String { "certificate \(index + 1)" }
}
