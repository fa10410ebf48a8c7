import Keys
import Wire

/// A signed file of the repository: `{"signatures": […], "signed": {…}}` (TUF 1.0 §4.2).
struct SignedMetadata {
    /// The file's name, for errors.
    let file: String
    /// What is signed.
    let signed: JSON
    /// The bytes that the signatures are over.
    private let message: [UInt8]
    private let signatures: [(keyID: String, signature: [UInt8])]

    /// Reads a file and whose kind it is. Throws `.malformed`.
    init(_ bytes: [UInt8], file: String, role: TUFRole) throws(TrustRootError) {
        guard let document = try? JSON.parse(bytes), let signed = document["signed"],
            let text = JSONText(signed), let listed = document["signatures"]?.elements
        else { throw .malformed(file: file, part: "JSON") }
        guard signed["_type"]?.string == role.rawValue else { throw .malformed(file: file, part: "_type") }
        self.file = file
        self.signed = signed
        message = CanonicalJSON.encode(text)
        signatures = listed.compactMap { entry in
            guard let keyID = entry["keyid"]?.string, let hex = entry["sig"]?.string,
                hex.utf8.count <= 1024,
                let signature = Hexadecimal.decode(hex.utf8)
            else { return nil }
            return (keyID, signature)
        }
    }

    /// The version and the second, since 1970, in which it ends. Throws `.malformed`.
    func head() throws(TrustRootError) -> (version: Int, expiresSeconds: Int64) {
        guard let version = signed["version"]?.integer, (1...Int64(Int32.max)).contains(version) else {
            throw .malformed(file: file, part: "version")
        }
        guard let expires = signed["expires"]?.string.flatMap({ RFC3339.seconds($0) }) else {
            throw .malformed(file: file, part: "expires")
        }
        return (Int(version), expires)
    }

    /// Checks that one of the keys has signed it: every role of ours has a threshold of one. Throws `.unsigned`.
    func verify(by keys: [TUFKey]) throws(TrustRootError) {
        for (keyID, signature) in signatures {
            guard let key = keys.first(where: { $0.id == keyID }) else { continue }
            if (try? key.publicKey.verify(signature, over: message, with: .ecdsa(.sha256))) != nil { return }
        }
        throw .unsigned(file: file)
    }

    /// Signs with each of the keys. Throws `.keys` and `.keyUnsupported`.
    static func encode(_ signed: JSONText, keys: [SigningKey]) throws(TrustRootError) -> [UInt8] {
        let message = CanonicalJSON.encode(signed)
        var signatures: [JSONText] = []
        for key in keys {
            let id = try TUFKey(key.publicKey).id
            let signature: [UInt8]
            do { signature = try key.sign(message) } catch { throw .keys(error) }
            signatures.append(.object([("keyid", .string(id)), ("sig", .string(Hexadecimal.encode(signature)))]))
        }
        return JSONText.object([("signatures", .array(signatures)), ("signed", signed)]).encoded()
    }

    /// The members that every role's file has, and these.
    static func members(
        _ role: TUFRole,
        version: Int,
        expiresSeconds: Int64,
        _ others: [(String, JSONText)]
    ) -> JSONText {
        .object(
            [
                ("_type", .string(role.rawValue)), ("expires", .string(RFC3339.text(seconds: expiresSeconds))),
                ("spec_version", .string("1.0.31")), ("version", .integer(Int64(version))),
            ] + others
        )
    }
}
