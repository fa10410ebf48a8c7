/// The one name of a leaf: who was identified (RFC 5280 §4.2.1.6).
///
/// The makers check the text. A value that was made past them is checked again when it is encoded and by the lint,
/// so an unsuitable text never gets signed.
public enum SubjectAlternativeName: Sendable, Equatable {
    /// `rfc822Name`, verbatim.
    case email(String)
    /// `uniformResourceIdentifier`, verbatim.
    case uri(String)
    /// `otherName` of type 1.3.6.1.4.1.57264.1.7, `<user>!<domain>` as `[0] EXPLICIT UTF8String`.
    case otherName(String)

    /// Makes an `rfc822Name`. Throws ``CertificatesError/nameEmpty`` or ``CertificatesError/nameNotASCII``.
    public init(email: String) throws(CertificatesError) {
        self = .email(email)
        try check()
    }

    /// Makes a `uniformResourceIdentifier`. Throws ``CertificatesError/nameEmpty`` or ``CertificatesError/nameNotASCII``.
    public init(uri: String) throws(CertificatesError) {
        self = .uri(uri)
        try check()
    }

    /// Makes the `otherName` of a username; any UTF-8 is allowed. Throws ``CertificatesError/nameEmpty``.
    public init(otherName: String) throws(CertificatesError) {
        self = .otherName(otherName)
        try check()
    }

    /// The name's text, without its kind.
    public var text: String {
        switch self {
        case .email(let text), .uri(let text), .otherName(let text): text
        }
    }

    /// Throws unless the text suits its kind.
    ///
    /// rfc822Name and URI are `IA5String`. Its control characters are refused as well: a NUL or a newline in a name
    /// has only ever been an attack on the reader (CVE-2009-2408).
    func check() throws(CertificatesError) {
        guard !text.isEmpty else { throw .nameEmpty }
        switch self {
        case .email(let text), .uri(let text):
            guard text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else { throw .nameNotASCII }
        case .otherName:
            break
        }
    }

    /// `GeneralNames` with this name only. Throws as the makers do.
    func generalNames() throws(CertificatesError) -> [UInt8] {
        try check()
        let name =
            switch self {
            case .email(let text): DEREncoding.element(.context1Primitive, Array(text.utf8))
            case .uri(let text): DEREncoding.element(.context6Primitive, Array(text.utf8))
            case .otherName(let text):
                DEREncoding.element(
                    .context0,
                    Self.usernameType,
                    DEREncoding.element(.context0, DEREncoding.element(.utf8String, Array(text.utf8)))
                )
            }
        return DEREncoding.element(.sequence, name)
    }

    /// The type of the `otherName` of a username.
    static let usernameTypeDotted = "1.3.6.1.4.1.57264.1.7"

    /// OBJECT IDENTIFIER 1.3.6.1.4.1.57264.1.7.
    static let usernameType: [UInt8] = [0x06, 0x0A, 0x2B, 0x06, 0x01, 0x04, 0x01, 0x83, 0xBF, 0x30, 0x01, 0x07]
}
