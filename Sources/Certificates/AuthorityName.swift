import COpenSSL

/// The name of a CA: organization and common name, in a root also a country (RFC 5280 §4.1.2.4).
public struct AuthorityName: Sendable, Hashable {
    /// Two capital letters, or `nil` for none.
    public let country: String?
    /// Who runs the CA, 1…64 characters.
    public let organization: String
    /// What the CA is called, 1…64 characters.
    public let commonName: String

    /// The code for "no country": ISO 3166-1 leaves XX to its users, and the CA/Browser Forum's Baseline Requirements use it
    /// where a country has no code. zlint wants a country in a root and takes XX; ZZ, also left to users, it refuses.
    public static let noCountry = "XX"

    /// Checks the attributes. Throws ``CertificatesError/authorityNameInvalid(attribute:)`` with `C`, `O` or `CN`.
    public init(
        country: String?,
        organization: String,
        commonName: String
    ) throws(CertificatesError) {
        if let country {
            let isCode = country.utf8.count == 2 && country.utf8.allSatisfy { (0x41...0x5A).contains($0) }
            guard isCode else { throw .authorityNameInvalid(attribute: "C") }
        }
        guard Self.isText(organization) else { throw .authorityNameInvalid(attribute: "O") }
        guard Self.isText(commonName) else { throw .authorityNameInvalid(attribute: "CN") }
        self.country = country
        self.organization = organization
        self.commonName = commonName
    }

    /// The upper bounds ub-organization-name and ub-common-name are 64 characters (RFC 5280 appendix A.1).
    private static func isText(_ text: String) -> Bool {
        (1...64).contains(text.unicodeScalars.count)
            && text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
            && text.first?.isWhitespace == false && text.last?.isWhitespace == false
    }

    /// Runs a body with the name as an OpenSSL `X509_NAME`.
    func withHandle(
        _ body: (OpaquePointer) throws(CertificatesError) -> Void
    ) throws(CertificatesError) {
        guard let name = X509_NAME_new() else { throw CertificatesError.failure("make a name") }
        defer { X509_NAME_free(name) }
        // countryName is a PrintableString; the others are UTF8String (RFC 5280 §4.1.2.4, appendix A.1).
        if let country { try Self.append(country, nid: NID_countryName, type: V_ASN1_PRINTABLESTRING, to: name) }
        try Self.append(organization, nid: NID_organizationName, type: V_ASN1_UTF8STRING, to: name)
        try Self.append(commonName, nid: NID_commonName, type: V_ASN1_UTF8STRING, to: name)
        try body(name)
    }

    private static func append(
        _ text: String,
        nid: Int32,
        type: Int32,
        to name: OpaquePointer
    ) throws(CertificatesError) {
        let bytes = Array(text.utf8)
        // "loc can be set to -1 and set to 0. This adds a new entry to the end of name": X509_NAME_add_entry_by_NID(3).
        try require(
            X509_NAME_add_entry_by_NID(name, nid, type, bytes, Int32(truncatingIfNeeded: bytes.count), -1, 0),
            "make a name"
        )
    }
}
