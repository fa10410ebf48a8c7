import Certificates
import Keys

/// The CA chains that entries name, each fetched and checked once.
struct AuthorityBook: Sendable {
    /// What a chain is worth.
    enum Authority: Sendable {
        /// It holds together, and has a pinned certificate where there are any. The issuing one, and its key.
        case known(Certificate, PublicKey)
        /// It doesn't, and why.
        case refused(String)
    }

    private let pinned: Set<SHA256Digest>?
    private var chains: [[SHA256Digest]: Authority] = [:]
    /// The pinned certificates, and those that have issued.
    private var known: Set<SHA256Digest>

    /// `pinned` are CA certificates of which a chain must have one; nil for whatever the log has.
    init(pinned: [Certificate]?) {
        let pinned = pinned.map { Set($0.map(\.fingerprint)) }
        self.pinned = pinned
        known = pinned ?? []
    }

    /// Whether a CA certificate is pinned, or is in the good chain of a precertificate so far.
    func knows(_ fingerprint: SHA256Digest) -> Bool { known.contains(fingerprint) }

    /// Notes the CA certificates of a precertificate's good chain.
    mutating func learn(_ chain: [SHA256Digest]) {
        if case .known = chains[chain] { known.formUnion(chain) }
    }

    /// What the chain is worth. Throws what the source throws.
    mutating func authority(
        _ chain: [SHA256Digest],
        from source: any LogSource
    ) async throws(MonitoringError) -> Authority {
        if let known = chains[chain] { return known }
        guard chains.count < LogLimits.chainsMax else { return .refused("the log names too many CAs") }
        let authority = try await judge(chain, source)
        chains[chain] = authority
        return authority
    }

    private func judge(
        _ chain: [SHA256Digest],
        _ source: any LogSource
    ) async throws(MonitoringError) -> Authority {
        guard (1...LogLimits.chainMax).contains(chain.count) else { return .refused("the entry names no usable chain") }
        var certificates: [Certificate] = []
        for fingerprint in chain {
            guard let der = try await source.issuer(fingerprint) else {
                throw .fault(.missing(path: "issuer/\(fingerprint.hex)"))
            }
            guard SHA256Digest(hashing: der) == fingerprint, let certificate = try? Certificate(der: der) else {
                throw .fault(.malformed(path: "issuer/\(fingerprint.hex)"))
            }
            certificates.append(certificate)
        }
        for (child, parent) in zip(certificates, certificates.dropFirst()) {
            guard (try? child.verify(issuedBy: parent)) != nil else {
                return .refused("the CA chain doesn't hold together")
            }
        }
        guard let issuing = certificates.first, let key = try? issuing.publicKey, certificates.allSatisfy(\.isCA) else {
            return .refused("the chain has a certificate that is no CA's, or a weak key")
        }
        if let pinned, pinned.isDisjoint(with: chain) { return .refused("the CA isn't one of the pinned ones") }
        return .known(issuing, key)
    }
}
