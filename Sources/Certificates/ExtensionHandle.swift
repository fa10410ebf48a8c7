import COpenSSL

/// Owns an OpenSSL `X509_EXTENSION`.
final class ExtensionHandle {
    let pointer: OpaquePointer

    /// An extension with an identifier that OpenSSL knows by number (`NID_*`).
    convenience init(nid: Int32, isCritical: Bool, value: [UInt8]) throws(CertificatesError) {
        guard let object = OBJ_nid2obj(nid) else { throw CertificatesError.failure("name an extension") }
        try self.init(object: object, isCritical: isCritical, value: value)
    }

    /// An extension with any identifier; the object is copied.
    init(object: OpaquePointer, isCritical: Bool, value: [UInt8]) throws(CertificatesError) {
        guard let pointer = X509_EXTENSION_new() else { throw CertificatesError.failure("make an extension") }
        self.pointer = pointer
        try require(X509_EXTENSION_set_object(pointer, object), "name an extension")
        try require(X509_EXTENSION_set_critical(pointer, isCritical ? 1 : 0), "mark an extension")
        guard let count = Int32(exactly: value.count),
            ASN1_STRING_set(X509_EXTENSION_get_data(pointer), value, count) == 1
        else { throw CertificatesError.failure("fill an extension") }
    }

    deinit { X509_EXTENSION_free(pointer) }
}
