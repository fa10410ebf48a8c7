import Certificates
import Templates

/// How the tokens of a CI provider become a name and extensions: an entry of `ci-issuer-metadata`.
struct CIProvider: Sendable {
    /// A text of the configuration that says where a value comes from (ID-32, ID-33, ID-34).
    enum Source: Sendable {
        /// The claim or default of this name.
        case claim(String)
        /// What the template makes of claims and defaults.
        case template(Template)
        /// White space, which stands for itself.
        case blank(String)
    }

    /// Values for claims that a token lacks.
    let defaults: [String: String]
    /// The name.
    let subjectAlternativeName: Source
    /// The extensions that are filled, in their order in the certificate; neither issuer nor subject is among them.
    let extensions: [(id: CertificateExtensionID, source: Source)]
}
