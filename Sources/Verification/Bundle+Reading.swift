import Certificates
import Keys
import Wire

extension Bundle {
    /// Reads a bundle of version 0.1, 0.2 or 0.3. Throws ``VerificationError/bundle(_:)``.
    public init(json: [UInt8]) throws(VerificationError) {
        do throws(BundleProblem) { self = try Self.read(json) } catch { throw .bundle(error) }
    }

    private static func read(_ json: [UInt8]) throws(BundleProblem) -> Bundle {
        let bundle = try reading { () throws(ProtoFault) in
            try ProtoObject(
                parsing: json,
                limits: JSONLimits(bytesMax: bytesMax),
                fields: ["mediaType", "verificationMaterial", "messageSignature", "dsseEnvelope"]
            )
        }
        let mediaType = try reading { () throws(ProtoFault) in try bundle.text("mediaType") }
        guard let version = BundleVersion(mediaType: mediaType) else {
            throw .unsupportedVersion(String(mediaType.prefix(80)))
        }
        let material = try reading { () throws(ProtoFault) in
            try bundle.required(
                "verificationMaterial",
                fields: [
                    "publicKey", "x509CertificateChain", "certificate", "tlogEntries", "timestampVerificationData",
                ]
            )
        }
        let signer = try signer(material, version: version)
        let entries = try entries(material, version: version)
        let timestamps = try reading { () throws(ProtoFault) in try Self.timestamps(material) }
        let content = try content(bundle)
        if case .publicKey(let hint) = signer, case .envelope(let envelope) = content, !envelope.keyID.isEmpty,
            !hint.isEmpty, envelope.keyID != hint
        {
            throw .keyIDMismatch
        }
        return Bundle(version: version, signer: signer, entries: entries, timestamps: timestamps, content: content)
    }

    // MARK: Who signed

    private static func signer(_ material: ProtoObject, version: BundleVersion) throws(BundleProblem) -> Signer {
        let (certificate, chain, key) = try reading { () throws(ProtoFault) in
            (
                try material.object("certificate", fields: ["rawBytes"]),
                try material.object("x509CertificateChain", fields: ["certificates"]),
                try material.object("publicKey", fields: ["hint"])
            )
        }
        guard [certificate, chain, key].count(where: { $0 != nil }) == 1 else { throw .signerMissing }
        if let key {
            return .publicKey(hint: try reading { () throws(ProtoFault) in try key.text("hint") })
        }
        if let certificate { return .certificate(try read(certificate)) }
        guard let chain, version < .v03 else { throw .chainNotAllowed }
        let members = try reading { () throws(ProtoFault) in
            try chain.objects("certificates", max: itemsMax, fields: ["rawBytes"])
        }
        var certificates: [Certificate] = []
        for member in members { certificates.append(try read(member)) }
        guard let leaf = certificates.first else { throw .signerMissing }
        guard certificates.allSatisfy({ $0.issuer != $0.subject }) else { throw .rootIncluded }
        return .certificate(leaf)
    }

    private static func read(_ certificate: ProtoObject) throws(BundleProblem) -> Certificate {
        let der = try reading { () throws(ProtoFault) in try certificate.bytes("rawBytes") }
        do { return try Certificate(der: der) } catch { throw .certificateUnreadable }
    }

    // MARK: Timestamps

    private static func timestamps(_ material: ProtoObject) throws(ProtoFault) -> [[UInt8]] {
        guard let data = try material.object("timestampVerificationData", fields: ["rfc3161Timestamps"]) else {
            return []
        }
        var timestamps: [[UInt8]] = []
        for item in try data.objects("rfc3161Timestamps", max: itemsMax, fields: ["signedTimestamp"]) {
            timestamps.append(try item.bytes("signedTimestamp"))
        }
        return timestamps
    }

    // MARK: What was signed

    private static func content(_ bundle: ProtoObject) throws(BundleProblem) -> SignedContent {
        let (message, envelope) = try reading { () throws(ProtoFault) in
            (
                try bundle.object("messageSignature", fields: ["messageDigest", "signature"]),
                try bundle.object("dsseEnvelope", fields: ["payload", "payloadType", "signatures"])
            )
        }
        switch (message, envelope) {
        case (let message?, nil): return .message(try read(message: message))
        case (nil, let envelope?): return .envelope(try read(envelope: envelope))
        default: throw .contentMissing
        }
    }

    /// The numbers of `HashAlgorithm`, `sigstore_common.proto`.
    private static let digestNames: [Int64: String] = [1: "SHA2_256", 2: "SHA2_384", 3: "SHA2_512"]

    private static func read(message: ProtoObject) throws(BundleProblem) -> MessageSignature {
        let (name, digest, signature) = try reading { () throws(ProtoFault) in
            let digest = try message.required("messageDigest", fields: ["algorithm", "digest"])
            return (
                try digest.enumeration("algorithm", digestNames), try digest.bytes("digest"),
                try message.bytes("signature")
            )
        }
        guard let algorithm = DigestAlgorithm(sigstoreName: name), digest.count == algorithm.byteCount else {
            throw .digestUnusable
        }
        guard !signature.isEmpty else { throw .signatureMissing }
        return MessageSignature(algorithm: algorithm, digest: digest, signature: signature)
    }

    private static func read(envelope: ProtoObject) throws(BundleProblem) -> SignedEnvelope {
        let (type, payload, signatures) = try reading { () throws(ProtoFault) in
            (
                try envelope.text("payloadType"), try envelope.bytes("payload"),
                try envelope.objects("signatures", max: itemsMax, fields: ["sig", "keyid"])
            )
        }
        guard signatures.count == 1, let only = signatures.first else { throw .signatureCount(signatures.count) }
        let (signature, keyID) = try reading { () throws(ProtoFault) in
            (try only.bytes("sig"), try only.text("keyid"))
        }
        guard !signature.isEmpty else { throw .signatureMissing }
        return SignedEnvelope(payloadType: type, payload: payload, signature: signature, keyID: keyID)
    }

    /// Turns a fault of the text into this room's error.
    static func reading<Result>(_ body: () throws(ProtoFault) -> Result) throws(BundleProblem) -> Result {
        do { return try body() } catch { throw .malformed(error) }
    }
}
