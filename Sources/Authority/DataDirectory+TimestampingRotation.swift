import Certificates
import Files
import Keys
import Timestamping

/// Where the next key of a timestamp authority comes from.
public enum TimestampingSource: Sendable {
    /// A new key, certified by a CA of the chain; the file with that CA's key, in place of `tsa/root.key`.
    case new(authorityKey: String?)
    /// A chain in PEM, the timestamp authority's certificate first, and its key in PEM.
    case adopted(chain: String, key: String)
}

extension DataDirectory {
    /// Makes or takes over the next key of the timestamp authority, published now and signing after an overlap.
    ///
    /// Throws `.rotation(.pending)` while the last exchange isn't over, `.rotation(.unsupported)` without a timestamp
    /// authority, and `.key`, `.chain` and `.timestamping` for what a start would refuse.
    public func rotateTimestamping(
        _ source: TimestampingSource,
        overlapSeconds: Int64,
        files: ConfigurationFiles,
        at seconds: Int64
    ) throws(AuthorityError) -> Rotation {
        let settings = try AuthoritySettings(ConfigurationText(self, files: files), directory: self).timestamping
        guard let settings else { throw .rotation(.unsupported("mayfly.yaml has no section timestamping")) }
        let passphrase = try Authority.passphrase(settings.passphraseFile)
        return try exchange(settings, overlapSeconds: overlapSeconds, files: files, at: seconds) {
            generations,
            latest throws(AuthorityError) in
            let (key, chain): (SigningKey, CertificateChain)
            switch source {
            case .new(let file):
                let authorityKey = try SigningKey.read(file ?? timestampingRootKey, passphrase: passphrase)
                key = try Self.newKey(.p256)
                chain = try Self.timestampingChain(like: latest, authorityKey, for: key.publicKey, at: seconds)
            case .adopted(let chainFile, let keyFile):
                key = try SigningKey.read(keyFile, passphrase: passphrase)
                chain = try CertificateChain.read(chainFile)
                _ = try Authority.timestamping(key, chain, chainFile, settings.policy, at: seconds)
            }
            let file = generations.next(settings.key)
            try replace(key, at: file, passphrase)
            return NextGeneration(file: file, key: key.publicKey, chain: chain)
        }
    }

    /// A certificate below the CA of a chain whose key is at hand, named after it and the day.
    private static func timestampingChain(
        like latest: CertificateChain,
        _ authorityKey: SigningKey,
        for key: PublicKey,
        at seconds: Int64
    ) throws(AuthorityError) -> CertificateChain {
        do throws(CertificatesError) {
            let above = latest.certificates.dropFirst().drop {
                $0.subjectPublicKeyInfo != authorityKey.publicKey.subjectPublicKeyInfo
            }
            guard let issuer = above.first else { throw .chain(.keyMismatch) }
            let leaf = try AuthorityCertificates.timestamping(
                name: try AuthorityName.below(issuer, role: "TSA", at: seconds),
                publicKey: key,
                issuer: issuer,
                issuerKey: authorityKey,
                serial: try SerialNumber.random(),
                notBeforeSeconds: seconds
            )
            let chain = try CertificateChain([leaf] + above)
            try chain.validateTimestamping(at: seconds, signer: key)
            return chain
        } catch {
            throw .chain(path: "of the next timestamp authority", error)
        }
    }
}
