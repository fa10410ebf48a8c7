import Wire

extension SignedCertificateTimestamp {
    /// The answer of add-chain and add-pre-chain (RFC 6962 §4.1), and the value of Fulcio's
    /// `signedCertificateTimestamp`: sct_version, id, timestamp, extensions, signature, in that order.
    public var json: [UInt8] {
        JSONText.object([
            ("sct_version", .integer(0)),
            ("id", .string(Base64.encode(logID.bytes))),
            ("timestamp", .integer(Int64(clamping: timestamp.milliseconds))),
            ("extensions", .string(Base64.encode(extensions.bytes))),
            ("signature", .string(Base64.encode(signature.encoded))),
        ]).encoded()
    }

    /// Reads a log's answer; unknown members are ignored, an absent `extensions` is an empty one. Throws
    /// `.malformed(.signedCertificateTimestamp)`, also for other versions, and `.malformed(.digitallySigned)`.
    public init(json bytes: [UInt8]) throws(TransparencyError) {
        guard let json = try? JSON.parse(bytes),
            json["sct_version"]?.integer == 0,
            let id = json["id"]?.base64, let logID = LogID(bytes: id),
            let timestamp = json["timestamp"]?.integer, let milliseconds = UInt64(exactly: timestamp),
            let extensions = json["extensions"].map(\.base64) ?? [],
            let signature = json["signature"]?.base64
        else { throw .malformed(.signedCertificateTimestamp) }
        self.init(
            logID: logID,
            timestamp: EntryTimestamp(milliseconds: milliseconds),
            extensions: try SCTExtensions(bytes: extensions),
            signature: try DigitallySigned(encoded: signature)
        )
    }
}

extension JSON {
    /// The bytes of a base64 string; nil for other values.
    fileprivate var base64: [UInt8]? {
        string.flatMap { try? Base64.decode($0) }
    }
}
