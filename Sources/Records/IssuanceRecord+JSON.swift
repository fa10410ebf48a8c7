public import Keys
public import Transparency
public import Wire

extension IssuanceRecord {
    /// The record as one JSON object; columns that have nothing in them are left out.
    ///
    /// `logIndex` is the entry's place, `certificate` the SHA-256 of the certificate that leaves, `tokenUse` how many
    /// certificates the token has got, this one included.
    public func json(logIndex: LeafIndex?, certificate: SHA256Digest?, tokenUse: Int?) -> JSONText {
        var members: [(String, JSONText)] = [
            ("decision", .string(decision.rawValue)),
            ("timeMilliseconds", .integer(Int64(clamping: timestamp.milliseconds))),
            ("requestId", .string(requestID.text)),
        ]
        func add(_ name: String, _ text: String?) {
            if let text { members.append((name, .string(text))) }
        }
        add("issuer", issuer)
        add("issuerType", issuerType)
        add("subject", subject)
        add("san", san)
        add("repository", repository)
        add("rule", rule)
        add("reason", reason)
        add("serial", serialHex)
        add("precertificateSha256", precertificate?.hex)
        add("certificateSha256", certificate?.hex)
        if let notBeforeSeconds { members.append(("notBeforeSeconds", .integer(notBeforeSeconds))) }
        if let logIndex { members.append(("logIndex", .integer(Int64(clamping: logIndex.value)))) }
        if let tokenUse { members.append(("tokenUse", .integer(Int64(tokenUse)))) }
        add("keyId", keyID)
        return .object(members)
    }
}
