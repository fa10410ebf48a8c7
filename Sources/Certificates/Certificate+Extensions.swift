import COpenSSL

extension Certificate {
    /// All extensions in their order. Throws ``CertificatesError/openSSL(operation:reasons:)`` for lack of memory only.
    public func extensions() throws(CertificatesError) -> [CertificateExtension] {
        let handle = try CertificateHandle(der: der)
        defer { withExtendedLifetime(handle) {} }
        var extensions: [CertificateExtension] = []
        for place in 0..<max(0, X509_get_ext_count(handle.pointer)) {
            guard let found = X509_get_ext(handle.pointer, place), let value = X509_EXTENSION_get_data(found) else {
                throw CertificatesError.failure("read an extension")
            }
            extensions.append(
                CertificateExtension(
                    identifier: try Self.dotted(X509_EXTENSION_get_object(found)),
                    isCritical: X509_EXTENSION_get_critical(found) != 0,
                    value: CertificateHandle.octets(value)
                )
            )
        }
        return extensions
    }

    private static func dotted(_ object: OpaquePointer?) throws(CertificatesError) -> String {
        // "In any case it returns the total string length, excluding the NUL character […] or -1 on error. […] If no_name is
        // 1 then the numerical form will always be used": OBJ_obj2txt(3).
        let length = OBJ_obj2txt(nil, 0, object, 1)
        guard length > 0 else { throw CertificatesError.failure("read an object identifier") }
        let text = [CChar](unsafeUninitializedCapacity: Int(length) + 1) { buffer, count in
            count = Int(max(0, OBJ_obj2txt(buffer.baseAddress, length + 1, object, 1)))
        }
        return String(decoding: text.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The identity extensions; unknown ones are left out.
    ///
    /// Throws ``CertificatesError/unparsable(_:)`` if one is there twice, or is not the UTF-8 that it should be.
    public func identityExtensions() throws(CertificatesError) -> IdentityExtensions {
        var texts = IdentityExtensions()
        let known = Dictionary(uniqueKeysWithValues: CertificateExtensionID.allCases.map { ($0.dotted, $0) })
        for found in try extensions() {
            guard let id = known[found.identifier] else { continue }
            let text = Self.text(found.value, encoding: id.encoding)
            guard let text, texts[id] == nil else { throw .unparsable(.extension(found.identifier)) }
            texts[id] = text
        }
        return texts
    }

    private static func text(_ value: [UInt8], encoding: CertificateExtensionID.Encoding) -> String? {
        switch encoding {
        case .raw: return String(validating: value, as: UTF8.self)
        case .utf8String:
            return value.withUnsafeBufferPointer { buffer in
                guard buffer.first == DEREncoding.Tag.utf8String.rawValue, let element = DERElement(buffer),
                    element.whole.count == buffer.count
                else { return nil }
                return String(validating: element.content, as: UTF8.self)
            }
        }
    }

    /// The subject alternative names of the kinds that a leaf of a Sigstore CA may have; others are left out.
    ///
    /// Throws ``CertificatesError/unparsable(_:)`` if the extension is there twice or cannot be read.
    public func subjectAlternativeNames() throws(CertificatesError) -> [SubjectAlternativeName] {
        try Self.names(in: CertificateHandle(der: der))
    }

    /// The same, when the certificate is DER, see ``isDER``; else nil. Reads it once for both.
    public func namesIfDER() throws(CertificatesError) -> [SubjectAlternativeName]? {
        let handle = try CertificateHandle(der: der)
        return try isDER(handle) ? Self.names(in: handle) : nil
    }

    private static func names(in handle: CertificateHandle) throws(CertificatesError) -> [SubjectAlternativeName] {
        defer { withExtendedLifetime(handle) {} }
        guard try handle.place(ofExtension: NID_subject_alt_name) != nil else { return [] }
        guard let names = X509_get_ext_d2i(handle.pointer, NID_subject_alt_name, nil, nil) else {
            CertificatesError.discardFailure()
            throw .unparsable(.extension("2.5.29.17"))
        }
        let stack = OpaquePointer(names)
        defer { GENERAL_NAMES_free(stack) }
        return (0..<max(0, OPENSSL_sk_num(stack))).compactMap { place in
            OPENSSL_sk_value(stack, place).flatMap { Self.name($0.assumingMemoryBound(to: GENERAL_NAME.self)) }
        }
    }

    private static func name(_ name: UnsafeMutablePointer<GENERAL_NAME>) -> SubjectAlternativeName? {
        var type: Int32 = 0
        guard let value = GENERAL_NAME_get0_value(name, &type) else { return nil }
        switch type {
        case GEN_EMAIL: return text(value).map { .email($0) }
        case GEN_URI: return text(value).map { .uri($0) }
        case GEN_OTHERNAME:
            var object: OpaquePointer?
            var content: UnsafeMutablePointer<ASN1_TYPE>?
            guard GENERAL_NAME_get0_otherName(name, &object, &content) == 1,
                let identifier = try? dotted(object), identifier == SubjectAlternativeName.usernameTypeDotted,
                let content, content.pointee.type == V_ASN1_UTF8STRING
            else { return nil }
            return text(UnsafeMutableRawPointer(content.pointee.value.utf8string)).map { .otherName($0) }
        default: return nil
        }
    }

    private static func text(_ string: UnsafeMutableRawPointer?) -> String? {
        guard let string else { return nil }
        return String(
            validating: CertificateHandle.octets(string.assumingMemoryBound(to: ASN1_STRING.self)),
            as: UTF8.self
        )
    }
}
