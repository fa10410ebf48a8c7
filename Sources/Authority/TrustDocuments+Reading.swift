import Certificates
import Files
import Keys
import Transparency
import TrustRoot

extension TrustDocuments {
    /// What a configuration and the public files that it names make of it, at a moment in seconds since 1970. `url` is where
    /// clients reach the services, in place of `base-url`. Throws `.file`, `.key`, `.chain` and `.trust`.
    init(
        _ settings: AuthoritySettings,
        url: ServiceURL? = nil,
        at seconds: Int64
    ) throws(AuthorityError) {
        let url = url ?? settings.baseURL
        let authorities = try Self.certificateAuthorities(settings.ca, url: url, at: seconds)
        let start = authorities.map(\.window.startSeconds).min() ?? seconds
        let material = TrustMaterial(
            certificateAuthorities: authorities,
            certificateLogs: try Self.certificateLogs(settings.log, url: url, startSeconds: start, at: seconds),
            recordLogs: try settings.recordLog?.trusted(url: url, startSeconds: start, at: seconds) ?? [],
            timestampAuthorities: try Self.timestampAuthorities(settings.timestamping, url: url, at: seconds)
        )
        let services = SigningServices(
            certificateAuthority: url,
            issuers: settings.trust?.issuers ?? settings.identity.interactiveIssuers,
            recordLog: settings.recordLog.map { _ in url },
            timestampAuthority: settings.timestamping.map { _ in url.appending("/api/v1/timestamp") },
            operatorName: settings.trust?.operatorName ?? settings.baseURL.host,
            startSeconds: start
        )
        do { try self.init(material, services, at: seconds) } catch { throw .trust(error) }
    }

    private static func certificateAuthorities(
        _ settings: AuthoritySettings.CA,
        url: ServiceURL,
        at seconds: Int64
    ) throws(AuthorityError) -> [TrustedAuthority] {
        try Self.authorities(try settings.generations(), url: url, at: seconds)
    }

    private static func timestampAuthorities(
        _ settings: AuthoritySettings.Timestamping?,
        url: ServiceURL,
        at seconds: Int64
    ) throws(AuthorityError) -> [TrustedAuthority] {
        guard let settings else { return [] }
        return try authorities(try settings.generations(), url: url.appending("/api/v1/timestamp"), at: seconds)
    }

    private static func authorities(
        _ generations: Generations,
        url: ServiceURL,
        at seconds: Int64
    ) throws(AuthorityError) -> [TrustedAuthority] {
        var authorities: [TrustedAuthority] = []
        for generation in generations.published(at: seconds) {
            guard let file = generation.chain else { continue }
            authorities.append(
                TrustedAuthority(
                    chain: try CertificateChain.read(file),
                    url: url,
                    window: ValidityWindow(startSeconds: generation.startSeconds, endSeconds: generation.endSeconds)
                )
            )
        }
        return authorities
    }

    private static func certificateLogs(
        _ choice: AuthoritySettings.CertificateLogChoice,
        url: ServiceURL,
        startSeconds: Int64,
        at seconds: Int64
    ) throws(AuthorityError) -> [TrustedLog] {
        switch choice {
        case .remote(let remote):
            let place: ServiceURL
            var text = remote.url
            while text.hasSuffix("/") { text.removeLast() }
            do { place = try ServiceURL(text) } catch { throw .trust(error) }
            let key = try PublicKey.read(remote.publicKey)
            return [TrustedLog(url: place, key: key, window: ValidityWindow(startSeconds: startSeconds))]
        case .embedded(let log):
            var logs: [TrustedLog] = []
            let generations = try log.generations(startSeconds: startSeconds)
            for generation in generations.published(at: seconds) {
                // Those that take no entries are shown beside the one that does.
                let number = generations.number(of: generation, unlessSigningAt: seconds)
                logs.append(
                    TrustedLog(
                        url: url.appending(number.map { "/ct/\($0)" } ?? "/ct"),
                        key: try generation.readPublicKey(passphraseFile: log.passphraseFile),
                        window: ValidityWindow(startSeconds: generation.startSeconds, endSeconds: generation.endSeconds)
                    )
                )
            }
            return logs
        }
    }
}

extension Generation {
    /// `log.pub` for `log.key`.
    static func publicKeyFile(beside key: String) -> String {
        (key.hasSuffix(".key") ? String(key.dropLast(4)) : key) + ".pub"
    }

    /// The public key: of its file, or of the private key where there is no such file. Throws `.file` and `.key`.
    func readPublicKey(passphraseFile: String?) throws(AuthorityError) -> PublicKey {
        if let publicKey {
            do throws(AuthorityError) {
                return try PublicKey.read(publicKey)
            } catch {
                guard case .file(_, .missing) = error, key != nil else { throw error }
            }
        }
        guard let key else { throw .file(path: publicKey ?? "of a log's public key", .missing) }
        return try SigningKey.read(key, passphrase: try Authority.passphrase(passphraseFile)).publicKey
    }
}
