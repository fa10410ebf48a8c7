/// What two TBSCertificates of one issuance have to do with each other, seen on their bytes: the longer one is the shorter
/// one with a single extension more, at the end of the list (RFC 6962 §3.1).
///
/// So the certificate need not be read in full as the precertificate was: that would find the same, at fifteen times the
/// cost. The lengths are counted here anew, and no code is shared with the builder.
enum LintSplice {
    /// The poison: 1.3.6.1.4.1.11129.2.4.3, critical, NULL in an OCTET STRING.
    private static let poison: [UInt8] = [
        0x30, 0x13, 0x06, 0x0A, 0x2B, 0x06, 0x01, 0x04, 0x01, 0xD6, 0x79, 0x02, 0x04, 0x03, 0x01, 0x01, 0xFF,
        0x04, 0x02, 0x05, 0x00,
    ]
    /// The list of timestamps: the DER of 1.3.6.1.4.1.11129.2.4.2; not critical, so nothing follows but the value.
    private static let timestamps: [UInt8] = [
        0x06, 0x0A, 0x2B, 0x06, 0x01, 0x04, 0x01, 0xD6, 0x79, 0x02, 0x04, 0x02,
    ]

    /// Whether `tbs` is `withoutPoison` with the poison at its end.
    static func isPrecertificate(_ tbs: [UInt8], madeOf withoutPoison: [UInt8]) -> Bool {
        tbs == lengthened(withoutPoison, by: poison)
    }

    /// Whether `tbs` is `withoutPoison` with the extension that holds `sctList` at its end.
    static func isCertificate(_ tbs: [UInt8], madeOf withoutPoison: [UInt8], sctList: [UInt8]) -> Bool {
        let value = element(0x04, element(0x04, sctList[...])[...])
        return tbs == lengthened(withoutPoison, by: element(0x30, (timestamps + value)[...]))
    }

    /// The TBSCertificate with one extension more; nil when it can't be taken apart.
    private static func lengthened(_ tbs: [UInt8], by more: [UInt8]) -> [UInt8]? {
        guard let fields = content(of: tbs[...], tag: 0x30), fields.endIndex == tbs.endIndex,
            let wrapper = lastElement(in: fields), let list = content(of: wrapper, tag: 0xA3),
            let extensions = content(of: list, tag: 0x30), extensions.endIndex == list.endIndex
        else { return nil }
        let lengthened = element(0xA3, element(0x30, (extensions + more)[...])[...])
        return element(0x30, fields[..<wrapper.startIndex] + lengthened)
    }

    /// The last of the elements that follow one another.
    private static func lastElement(in elements: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        var rest = elements
        while let tag = rest.first {
            guard let content = content(of: rest, tag: tag) else { return nil }
            if content.endIndex == elements.endIndex { return rest }
            rest = rest[content.endIndex...]
        }
        return nil
    }

    /// The content octets of the element at the start, if it has this tag and a definite length that fits.
    private static func content(of bytes: ArraySlice<UInt8>, tag: UInt8) -> ArraySlice<UInt8>? {
        guard bytes.first == tag, let first = bytes.dropFirst().first else { return nil }
        var start = bytes.startIndex + 2
        var length = Int(first)
        if first >= 0x80 {
            let octets = bytes.dropFirst(2).prefix(Int(first & 0x7F))
            guard (1...3).contains(octets.count), octets.count == Int(first & 0x7F) else { return nil }
            length = octets.reduce(0) { $0 << 8 | Int($1) }
            start += octets.count
        }
        guard length <= bytes.endIndex - start else { return nil }
        return bytes[start..<start + length]
    }

    /// Tag, shortest length, content.
    private static func element(_ tag: UInt8, _ content: ArraySlice<UInt8>) -> [UInt8] {
        var octets: [UInt8] = []
        var rest = content.count
        while rest > 0 {
            octets.insert(UInt8(truncatingIfNeeded: rest), at: 0)
            rest >>= 8
        }
        let length = content.count < 0x80 ? [UInt8(content.count)] : [0x80 | UInt8(octets.count)] + octets
        return [tag] + length + content
    }
}
