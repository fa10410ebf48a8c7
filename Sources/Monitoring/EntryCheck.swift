import Certificates
import Keys
import Transparency

/// Looks at one entry by itself: its place, its chain, its signature, the profile.
struct EntryCheck {
    private let logged: LoggedEntry
    private let authority: AuthorityBook.Authority
    private let isKnown: Bool
    private let log: PublicKey
    private var checked: CheckedEntry

    /// Looks at the entry, whose chain is `authority`, in the log that signs with `log`; `isKnown` when it is a CA
    /// certificate that we know. CPU work of some 500 µs. Pure.
    static func run(
        _ logged: LoggedEntry,
        authority: AuthorityBook.Authority,
        isKnown: Bool,
        log: PublicKey
    ) -> CheckedEntry {
        var check = EntryCheck(logged, authority, isKnown, log)
        check.run()
        return check.checked
    }

    private init(_ logged: LoggedEntry, _ authority: AuthorityBook.Authority, _ isKnown: Bool, _ log: PublicKey) {
        self.logged = logged
        self.log = log
        self.authority = authority
        self.isKnown = isKnown
        let entry = logged.leaf.timestamped.entry
        let der: [UInt8] =
            switch entry {
            case .x509(let certificate): certificate
            case .precertificate: logged.leaf.precertificate ?? []
            }
        checked = CheckedEntry(
            index: logged.index,
            timestamp: logged.leaf.timestamped.timestamp,
            isPrecertificate: logged.leaf.precertificate != nil,
            fingerprint: SHA256Digest(hashing: der)
        )
    }

    private mutating func found(_ kind: AlertKind, _ detail: String) {
        checked.findings.append(Finding(kind, detail))
    }

    private mutating func run() {
        // The SCT that was signed for this entry carries the same extension: it promises this place.
        if (try? logged.leaf.timestamped.extensions.leafIndex()) != logged.index {
            found(.indexWrong, "the leaf doesn't name its own place")
        }
        switch logged.leaf.timestamped.entry {
        case .x509(let der): checkAuthority(der)
        case .precertificate(let keyHash, let tbs): checkPrecertificate(keyHash: keyHash, tbs: tbs)
        }
    }

    /// The log begins with its CA's own certificate. All others have been handed in, and a CA that we don't know may
    /// issue past the log.
    private mutating func checkAuthority(_ der: [UInt8]) {
        guard let certificate = read(der) else { return }
        guard certificate.isCA else { return checkLeaf(certificate) }
        guard let (issuer, _) = issuer() else { return }
        if (try? certificate.verify(issuedBy: issuer)) == nil {
            found(.authorityUnexpected, "the CA certificate isn't signed by its issuer")
        } else if !isKnown, logged.index != LeafIndex(0) {
            found(.authorityUnexpected, "a CA certificate that isn't known was handed in")
        }
    }

    /// A leaf is logged before it is signed, so a certificate of a leaf is one that somebody handed in (RFC 6962 §4.1). With
    /// the log's promise inside it is no news if its precertificate is an entry too. Any other was made past the log.
    private mutating func checkLeaf(_ certificate: Certificate) {
        guard let (issuer, key) = issuer() else { return readNames(certificate) }
        do throws(CertificatesError) { try certificate.verify(signedBy: key) } catch {
            found(.authorityUnexpected, "\(error)")
        }
        guard let list = try? certificate.sctList(), let tbs = try? certificate.precertificateTBS(),
            let timestamps = try? SignedCertificateTimestamp.timestamps(inList: list)
        else { return foundUnlogged(certificate) }
        let entry = CertificateEntry.precertificate(
            issuerKeyHash: SHA256Digest(hashing: issuer.subjectPublicKeyInfo),
            tbsCertificate: tbs
        )
        guard timestamps.contains(where: { (try? $0.verify(entry, key: log)) != nil }) else {
            return foundUnlogged(certificate)
        }
        checked.promised = CheckedEntry.Promised(certificate: certificate, issuer: issuer)
    }

    private mutating func foundUnlogged(_ certificate: Certificate) {
        readNames(certificate)
        found(.profileViolated, "a certificate without this log's promise: it was made past the log")
    }

    private mutating func checkPrecertificate(keyHash: SHA256Digest, tbs: [UInt8]) {
        guard let der = logged.leaf.precertificate, let certificate = read(der) else { return }
        checked.serialKey = SerialMemory.key(issuerKeyHash: keyHash, serial: certificate.serialNumber)
        guard let (issuer, key) = issuer() else { return readNames(certificate) }
        if SHA256Digest(hashing: issuer.subjectPublicKeyInfo) != keyHash {
            found(.authorityUnexpected, "the leaf names another CA's key than its chain")
        }
        do { try certificate.verify(signedBy: key) } catch { found(.authorityUnexpected, "\(error)") }
        do {
            let profile = try CertificateLint.checkLogged(
                certificate,
                withoutPoison: tbs,
                issuer: issuer,
                scheme: key.algorithm.usualScheme
            )
            checked.names = [profile.san]
            checked.issuer = profile.extensions[.issuerV2]
        } catch {
            readNames(certificate)
            if case .lint(let findings) = error {
                found(.profileViolated, findings.map(\.description).joined(separator: ", "))
            } else {
                found(.profileViolated, "\(error)")
            }
        }
    }

    /// What can be read of a certificate that isn't what it should be.
    private mutating func readNames(_ certificate: Certificate) {
        checked.names = (try? certificate.subjectAlternativeNames()) ?? []
        checked.issuer = (try? certificate.identityExtensions())?[.issuerV2]
    }

    private mutating func read(_ der: [UInt8]) -> Certificate? {
        guard der.count <= LogLimits.precertificateBytesMax else {
            found(.profileViolated, "the certificate has more than \(LogLimits.precertificateBytesMax) bytes")
            return nil
        }
        do {
            let certificate = try Certificate(der: der)
            checked.serialHex = (try? SerialNumber(bytes: certificate.serialNumber))?.hex
            return certificate
        } catch {
            found(.profileViolated, "\(error)")
            return nil
        }
    }

    private mutating func issuer() -> (Certificate, PublicKey)? {
        switch authority {
        case .known(let issuer, let key): return (issuer, key)
        case .refused(let why):
            found(.authorityUnexpected, why)
            return nil
        }
    }
}
