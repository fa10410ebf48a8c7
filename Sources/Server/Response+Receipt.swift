import HTTPTypes
import HummingbirdCore
import Transparency
import Wire

extension Response {
    /// Proxies refuse or cut headers that are larger; a log has to have a very long name, or more than 2⁴⁰ entries, for
    /// that.
    private static let receiptBytesMax = 4096

    /// Puts a receipt into the header `X-Mayfly-Receipt`, base64url: clients that don't know it don't see it, where a
    /// further JSON member would be an error to some.
    mutating func add(_ receipt: Receipt) {
        let text = Base64.encodeURL(receipt.encoded)
        guard text.utf8.count <= Self.receiptBytesMax, let name = HTTPField.Name("X-Mayfly-Receipt") else { return }
        headers[name] = text
    }
}
