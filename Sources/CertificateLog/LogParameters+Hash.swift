import Log
import Transparency
import Wire

extension LogParameters {
    /// A hash in base64. Throws `.badParameter`.
    func hash(_ name: String) throws(LogReadError) -> MerkleHash {
        guard let text = self[name], let bytes = try? Base64.decodeLenient(Array(text.utf8)),
            let hash = MerkleHash(bytes: bytes)
        else { throw .badParameter(name, rule: "must be 32 bytes in base64") }
        return hash
    }
}
