import Certificates
import Keys
import Wire

/// A file of the TUF repository.
public struct TrustTarget: Sendable, Equatable {
    /// What tools that read no `trusted_root.json` are told about a PEM file: the object `custom.sigstore`.
    public struct Legacy: Sendable, Equatable {
        /// `Fulcio`, `CTFE`, `Rekor` or `TSA`.
        public let usage: String
        /// Whether it has been retired.
        public let isExpired: Bool
        /// Where the service is.
        public let url: String
    }

    /// Its name.
    public let name: String
    /// Its content.
    public let bytes: [UInt8]
    /// What a PEM file is for; nil for the others.
    public let legacy: Legacy?

    /// States a file.
    public init(name: String, bytes: [UInt8], legacy: Legacy?) {
        self.name = name
        self.bytes = bytes
        self.legacy = legacy
    }

    /// SHA-256 of the content, hexadecimal: part of the name that it is served under.
    public var digest: String { SHA256Digest(hashing: bytes).hex }

    /// The PEM files, under the names that Sigstore's own repository has for the newest of each; what was before it has a
    /// number, from 1 for the oldest.
    public static func legacy(_ material: TrustMaterial, at seconds: Int64) -> [TrustTarget] {
        var targets: [TrustTarget] = []
        func add(_ stem: String, _ ending: String, of count: Int, _ index: Int, _ pem: String, _ legacy: Legacy) {
            let name = index == count - 1 ? "\(stem)\(ending)" : "\(stem)_\(index + 1)\(ending)"
            targets.append(TrustTarget(name: name, bytes: Array(pem.utf8), legacy: legacy))
        }
        func legacy(_ usage: String, _ url: ServiceURL, _ window: ValidityWindow) -> Legacy {
            let isExpired = window.endSeconds.map { $0 < seconds } ?? false
            return Legacy(usage: usage, isExpired: isExpired, url: url.text)
        }
        let logs = [("ctfe", "CTFE", material.certificateLogs), ("rekor", "Rekor", material.recordLogs)]
        for (stem, usage, logs) in logs {
            for (index, log) in logs.enumerated() {
                add(stem, ".pub", of: logs.count, index, log.key.pem, legacy(usage, log.url, log.window))
            }
        }
        let authorities = material.certificateAuthorities
        for (index, authority) in authorities.enumerated() {
            let custom = legacy("Fulcio", authority.url, authority.window)
            add("fulcio_v1", ".crt.pem", of: authorities.count, index, authority.root.pem, custom)
            let intermediates = authority.chain.certificates.dropLast().map(\.pem).joined()
            guard !intermediates.isEmpty else { continue }
            add("fulcio_intermediate_v1", ".crt.pem", of: authorities.count, index, intermediates, custom)
        }
        let stampers = material.timestampAuthorities
        for (index, authority) in stampers.enumerated() {
            let custom = legacy("TSA", authority.url, authority.window)
            add("tsa_leaf", ".crt.pem", of: stampers.count, index, authority.chain.issuing.pem, custom)
            add("tsa_root", ".crt.pem", of: stampers.count, index, authority.root.pem, custom)
            for (level, certificate) in authority.chain.certificates.dropFirst().dropLast().enumerated() {
                add("tsa_intermediate_\(level)", ".crt.pem", of: stampers.count, index, certificate.pem, custom)
            }
        }
        return targets
    }
}
