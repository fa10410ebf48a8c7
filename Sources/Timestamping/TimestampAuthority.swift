public import Certificates
public import Keys

/// A timestamp authority (RFC 3161): signs that it has seen a digest at a moment.
///
/// It has no clock: whoever calls says what time it is.
public final class TimestampAuthority: Sendable {
    /// The authority's certificate first, the root last.
    public let chain: CertificateChain
    /// What its timestamps promise.
    public let policy: TimestampPolicy
    /// The last second in which all certificates are valid.
    public let lastSecond: Int64

    private let firstSecond: Int64
    private let plain: TokenPool
    private let certified: TokenPool

    /// Makes an authority of a chain that has been validated for this key, see
    /// ``Certificates/CertificateChain/validateTimestamping(at:signer:)``.
    ///
    /// Throws ``TimestampingError/keyUnsupported(_:)`` for Ed25519.
    public init(key: SigningKey, chain: CertificateChain, policy: TimestampPolicy) throws(TimestampingError) {
        self.chain = chain
        self.policy = policy
        firstSecond = chain.certificates.map(\.notBeforeSeconds).max() ?? .max
        lastSecond = chain.certificates.map(\.notAfterSeconds).min() ?? .min
        plain = try TokenPool(key: key, certificate: chain.issuing, isIncluded: false)
        certified = try TokenPool(key: key, certificate: chain.issuing, isIncluded: true)
    }

    /// Signs a timestamp and returns the DER of the answer. CPU work; any thread.
    ///
    /// - Parameters:
    ///   - request: what is timestamped.
    ///   - seconds: now, since 1970.
    /// - Throws: ``TimestampingError/refused(_:)`` with `.unacceptedPolicy`, ``TimestampingError/expired`` and
    ///   ``TimestampingError/notYetValid``; ``TimestampingError/key(_:)`` and others when signing fails.
    public func answer(to request: TimestampRequest, at seconds: Int64) throws(TimestampingError) -> [UInt8] {
        guard request.policy == nil || request.policy == policy else { throw .refused(.unacceptedPolicy) }
        guard seconds >= firstSecond else { throw .notYetValid }
        guard seconds <= lastSecond else { throw .expired }
        let serial: SerialNumber
        do { serial = try SerialNumber.random() } catch {
            throw .openSSL(operation: "make a serial number", reasons: ["\(error)"])
        }
        let info = TimestampInfo(request: request, policy: policy, serial: serial, seconds: seconds)
        let pool = request.wantsCertificates ? certified : plain
        return try pool.answer(try info.der, at: seconds)
    }
}
