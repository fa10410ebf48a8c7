/// The texts of a certificate's identity extensions; one that is empty is absent.
public struct IdentityExtensions: Sendable, Equatable {
    private var texts: [CertificateExtensionID: String] = [:]

    /// Starts with none. Such a set cannot be issued: the issuer is mandatory.
    public init() {}

    /// Starts with the issuer of the token in both places that must name it.
    public init(issuer: String) {
        self[.issuer] = issuer
        self[.issuerV2] = issuer
    }

    /// The text of one extension; setting it to `nil` or to the empty text removes it.
    public subscript(id: CertificateExtensionID) -> String? {
        get { texts[id] }
        set { texts[id] = newValue?.isEmpty == true ? nil : newValue }
    }

    /// The extensions that are present, in the order in which a certificate carries them.
    public var ordered: [(id: CertificateExtensionID, text: String)] {
        CertificateExtensionID.allCases.compactMap { id in texts[id].map { (id, $0) } }
    }

    /// The content of the extension's `extnValue`, or `nil` if the extension is absent.
    public func der(of id: CertificateExtensionID) -> [UInt8]? {
        texts[id].map { Self.encode($0, as: id.encoding) }
    }

    static func encode(_ text: String, as encoding: CertificateExtensionID.Encoding) -> [UInt8] {
        switch encoding {
        case .raw: Array(text.utf8)
        case .utf8String: DEREncoding.element(.utf8String, Array(text.utf8))
        }
    }
}
