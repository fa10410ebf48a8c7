import Certificates

/// Step C: the certificate was valid at each moment of signing, by way of a CA that was in use then (client specification
/// §4.3; the "hybrid model": the whole path must have been valid at that moment, whatever it is now).
struct CertificateStep {
    let authorities: [TrustedAuthority]
    let certificate: Certificate
    let times: [SignatureTime]

    /// The paths that were found, each with the certificate first and a CA's last certificate last. Throws `.noAuthority`
    /// and `.pathInvalid`.
    func run() throws(CertificateProblem) -> [[Certificate]] {
        var paths: [[Certificate]] = []
        for time in times {
            let path = try path(at: time)
            if !paths.contains(path) { paths.append(path) }
        }
        return paths
    }

    private func path(at time: SignatureTime) throws(CertificateProblem) -> [Certificate] {
        var problem: CertificateProblem?
        for authority in authorities where authority.window.contains(milliseconds: time.milliseconds) {
            do {
                return try certificate.path(to: authority.chain, atSeconds: time.seconds)
            } catch {
                // That of the CA that the certificate names says more than that of another.
                let isNamed = authority.chain.certificates.contains { $0.subject == certificate.issuer }
                if problem == nil || isNamed { problem = .pathInvalid(seconds: time.seconds, error) }
            }
        }
        throw problem ?? .noAuthority(seconds: time.seconds)
    }
}
