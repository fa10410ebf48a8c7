import Keys
import Transparency
import Wire

/// Rekor v1's promise that an entry is in the log, and since when: a source of time for verifiers.
///
/// Signed is canonical JSON (RFC 8785) with the members `body`, in base64, `integratedTime`, `logID`, in hexadecimal, and
/// `logIndex`.
struct SignedEntryTimestamp: Sendable, Equatable {
    /// ECDSA in DER over SHA-256.
    let signature: [UInt8]

    /// Signs for an entry that is durable and covered by a stored checkpoint. Throws `.signingFailed`.
    init(
        body: [UInt8],
        index: LeafIndex,
        integratedTimeSeconds: Int64,
        key: SigningKey
    ) throws(TransparencyError) {
        let signed = Self.signedData(
            body: body,
            index: index,
            integratedTimeSeconds: integratedTimeSeconds,
            logID: LogID(of: key.publicKey)
        )
        do { signature = try key.sign(signed) } catch { throw .signingFailed(error) }
    }

    /// What is signed.
    static func signedData(
        body: [UInt8],
        index: LeafIndex,
        integratedTimeSeconds: Int64,
        logID: LogID
    ) -> [UInt8] {
        JSONText.object([
            ("body", .string(Base64.encode(body))),
            ("integratedTime", .integer(integratedTimeSeconds)),
            ("logID", .string(Hexadecimal.encode(logID.bytes))),
            ("logIndex", .integer(Int64(clamping: index.value))),
        ]).canonical()
    }
}
