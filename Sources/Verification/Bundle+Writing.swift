import Transparency
import Wire

extension Bundle {
    /// The bundle as JSON, of the version 0.3 whatever it was when it was read. Every field is written, also where it is
    /// zero: some clients want each of them.
    public var json: [UInt8] {
        JSONText.object([
            ("mediaType", .string(BundleVersion.newestMediaType)),
            (
                "verificationMaterial",
                .object([
                    signerMember, ("tlogEntries", .array(entries.map(\.json))),
                    (
                        "timestampVerificationData",
                        .object([
                            (
                                "rfc3161Timestamps",
                                .array(timestamps.map { .object([("signedTimestamp", .bytes($0))]) })
                            )
                        ])
                    ),
                ])
            ),
            contentMember,
        ]).encoded()
    }

    private var signerMember: (String, JSONText) {
        switch signer {
        case .certificate(let certificate): ("certificate", .object([("rawBytes", .bytes(certificate.der))]))
        case .publicKey(let hint): ("publicKey", .object([("hint", .string(hint))]))
        }
    }

    private var contentMember: (String, JSONText) {
        switch content {
        case .message(let message):
            let digest = JSONText.object([
                ("algorithm", .string(message.algorithm.sigstoreName)), ("digest", .bytes(message.digest)),
            ])
            return (
                "messageSignature", .object([("messageDigest", digest), ("signature", .bytes(message.signature))])
            )
        case .envelope(let envelope):
            let signature = JSONText.object([
                ("sig", .bytes(envelope.signature)), ("keyid", .string(envelope.keyID)),
            ])
            return (
                "dsseEnvelope",
                .object([
                    ("payload", .bytes(envelope.payload)), ("payloadType", .string(envelope.payloadType)),
                    ("signatures", .array([signature])),
                ])
            )
        }
    }
}

extension LogEntry {
    fileprivate var json: JSONText {
        var members: [(String, JSONText)] = [
            ("logIndex", .string(index.description)), ("logId", .object([("keyId", .bytes(logID))])),
            ("kindVersion", .object([("kind", .string(kind.name)), ("version", .string(kind.version))])),
            ("integratedTime", .string(String(integratedSeconds))),
        ]
        if let promise { members.append(("inclusionPromise", .object([("signedEntryTimestamp", .bytes(promise))]))) }
        if let inclusion { members.append(("inclusionProof", inclusion.json)) }
        members.append(("canonicalizedBody", .bytes(body)))
        return .object(members)
    }
}

extension LogEntry.Inclusion {
    fileprivate var json: JSONText {
        .object([
            ("logIndex", .string(index.description)), ("rootHash", .bytes(root?.bytes ?? [])),
            ("treeSize", .string(size.description)), ("hashes", .array(path.map { .bytes($0.bytes) })),
            ("checkpoint", .object([("envelope", .string(String(decoding: checkpoint, as: UTF8.self)))])),
        ])
    }
}

extension JSONText {
    /// Bytes as protobuf's JSON mapping writes them.
    fileprivate static func bytes(_ bytes: [UInt8]) -> JSONText { .string(Base64.encode(bytes)) }
}
