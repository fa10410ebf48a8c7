import COpenSSL

/// One DER element in somebody's memory, read by OpenSSL: enough to find the parts that OpenSSL does not hand out.
struct DERElement {
    /// The content octets.
    let content: UnsafeBufferPointer<UInt8>
    /// Header and content.
    let whole: UnsafeBufferPointer<UInt8>

    /// The element at the start of the bytes, or `nil` if there is none or it does not end within them.
    init?(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let start = bytes.baseAddress else { return nil }
        var position: UnsafePointer<UInt8>? = start
        var length = 0
        var tag: Int32 = 0
        var tagClass: Int32 = 0
        // In the undocumented return value bit 0x80 is set on error, bit 0x01 for the indefinite length that DER forbids.
        let code = ASN1_get_object(&position, &length, &tag, &tagClass, bytes.count)
        guard code & 0x81 == 0, let position, length >= 0, position - start + length <= bytes.count else {
            CertificatesError.discardFailure()
            return nil
        }
        content = UnsafeBufferPointer(start: position, count: length)
        whole = UnsafeBufferPointer(start: start, count: position - start + length)
    }

    /// The first element inside.
    var first: DERElement? { DERElement(content) }
}
