public import Certificates
import Wire

/// An authority that verifiers may rely on: one that issues certificates, or one that stamps times.
///
/// ```
/// message CertificateAuthority {              // sigstore protobuf-specs, sigstore_trustroot.proto
///     DistinguishedName subject = 1; string uri = 2; X509CertificateChain cert_chain = 3; TimeRange valid_for = 4; … }
/// ```
public struct TrustedAuthority: Sendable {
    /// Its certificates down from the one that signs to the root, both included: bundles carry leaves only, and the leaf of
    /// a timestamp authority isn't even there.
    public let chain: CertificateChain
    /// Where it is asked.
    public let url: ServiceURL
    /// When its signatures count.
    public let window: ValidityWindow

    /// States an authority.
    public init(chain: CertificateChain, url: ServiceURL, window: ValidityWindow) {
        self.chain = chain
        self.url = url
        self.window = window
    }

    /// The last certificate.
    public var root: Certificate { chain.certificates.last ?? chain.issuing }

    /// The subject is the root's, as the specification has it. Throws ``TrustRootError/certificates(_:)``.
    func json() throws(TrustRootError) -> JSONText {
        let subject: SubjectAttributes
        do { subject = try root.subjectAttributes() } catch { throw .certificates(error) }
        return .object([
            (
                "subject",
                .object([
                    ("organization", .string(subject.organization ?? "")),
                    ("commonName", .string(subject.commonName ?? "")),
                ])
            ),
            ("uri", .string(url.text)),
            (
                "certChain",
                .object([
                    (
                        "certificates",
                        .array(chain.certificates.map { .object([("rawBytes", .string(Base64.encode($0.der)))]) })
                    )
                ])
            ),
            ("validFor", window.json),
        ])
    }
}
