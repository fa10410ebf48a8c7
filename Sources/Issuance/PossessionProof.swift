import Certificates
public import Identity
public import Keys

/// Checks that whoever presents an identity holds the private key that the certificate will be for (POP-1…18).
///
/// The order of the checks is Fulcio's (section 1.12 of its facts), so an error hides the same later ones: the key can
/// be read, it is strong, the signature verifies, the pair of key and digest is allowed.
public struct PossessionProof: Sendable {
    private let allowed: Set<ClientSigningAlgorithm>

    /// Allows these algorithms.
    public init(allowed: Set<ClientSigningAlgorithm> = ClientSigningAlgorithm.defaults) {
        self.allowed = allowed
    }

    /// Returns the key when `request` proves possession of it by the bearer of `identity`.
    ///
    /// Throws the caller's errors of ``IssuanceError``. CPU work, about one signature verification.
    public func verify(_ request: KeyRequest, by identity: VerifiedIdentity) throws(IssuanceError) -> ProvenKey {
        switch request {
        case .publicKey(let content, let proof):
            let key = try Self.check(try Self.parse(content))
            try Self.verify(proof, over: identity.challenge, key: key)
            try permit(key, scheme: key.algorithm.usualScheme)
            return ProvenKey(publicKey: key)
        case .certificateSigningRequest(let pem):
            return try verify(signingRequest: pem)
        }
    }

    private func verify(signingRequest pem: [UInt8]) throws(IssuanceError) -> ProvenKey {
        let request: CertificateSigningRequest
        do { request = try CertificateSigningRequest(pem: pem) } catch { throw .signingRequestUnparsable }
        let key = try Self.check(request.publicKey)
        guard let scheme = request.signatureScheme else { throw .proofInvalid }
        do {
            try key.verify(request.signature, over: request.requestInfo, with: scheme)
        } catch {
            throw .proofInvalid
        }
        if case .rsaPSS(let digest) = scheme {
            throw .signatureAlgorithmUnrecognized(name: "\(digest.goName.replacing("-", with: ""))-RSAPSS")
        }
        try permit(key, scheme: scheme)
        return ProvenKey(publicKey: key)
    }

    private static func parse(_ content: [UInt8]) throws(IssuanceError) -> UncheckedPublicKey {
        do { return try UncheckedPublicKey(pemOrDER: content) } catch { throw .publicKeyUnparsable }
    }

    private static func check(_ key: UncheckedPublicKey) throws(IssuanceError) -> PublicKey {
        do {
            return try key.checked()
        } catch .weak(let weakness) {
            throw .publicKeyWeak(weakness)
        } catch {
            throw .publicKeyUnparsable
        }
    }

    /// POP-13: one scheme for each kind of key. POP-14: an ECDSA proof may be DER or r‖s; the two can't be confused: what
    /// isn't strict DER is tried as r‖s.
    private static func verify(_ proof: [UInt8], over challenge: [UInt8], key: PublicKey) throws(IssuanceError) {
        let scheme = key.algorithm.usualScheme
        if (try? key.verify(proof, over: challenge, with: scheme)) != nil { return }
        guard case .ecdsa = scheme, (try? key.verify(proof, over: challenge, with: scheme, encoding: .fixed)) != nil
        else { throw .proofInvalid }
    }

    private func permit(_ key: PublicKey, scheme: SignatureScheme) throws(IssuanceError) {
        if let algorithm = ClientSigningAlgorithm(key: key.algorithm, scheme: scheme), allowed.contains(algorithm) {
            return
        }
        throw .signatureAlgorithmNotPermitted(key.algorithm, scheme.digest)
    }
}

extension DigestAlgorithm {
    /// The name as Go prints it, which is what Fulcio's messages carry (API-63).
    public var goName: String {
        switch self {
        case .sha256: "SHA-256"
        case .sha384: "SHA-384"
        case .sha512: "SHA-512"
        }
    }
}
