import Log
import Transparency
import Wire

/// The parameters of an RFC 6962 call.
struct LogParameters {
    private let values: [String: String]

    init(_ values: [String: String]) {
        self.values = values
    }

    /// A number in decimal. Throws `.badParameter`.
    func number(_ name: String) throws(LogReadError) -> UInt64 {
        guard let text = values[name], !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = UInt64(text), number <= 1 << 62
        else { throw .badParameter(name, rule: "must be a whole number") }
        return number
    }

    /// A hash in base64. Throws `.badParameter`.
    func hash(_ name: String) throws(LogReadError) -> MerkleHash {
        guard let text = values[name], let bytes = try? Base64.decodeLenient(Array(text.utf8)),
            let hash = MerkleHash(bytes: bytes)
        else { throw .badParameter(name, rule: "must be 32 bytes in base64") }
        return hash
    }
}
