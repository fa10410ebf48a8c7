import Certificates
import Keys
import Wire

extension HashedRekord {
    /// The most bytes of a request: those of the largest leaf in base64 and more white space than any client sends.
    public static let requestBytesMax = 1 << 17

    /// Reads a request and verifies its signature. CPU work. Throws why it is no entry.
    ///
    /// ```
    /// message CreateEntryRequest { oneof spec { HashedRekordRequestV002 hashed_rekord_request_v002 = 1; } }
    /// message HashedRekordRequestV002 { bytes digest = 1; Signature signature = 2; }
    /// message Signature { bytes content = 1; Verifier verifier = 2; }
    /// message Verifier {
    ///   oneof verifier { PublicKey public_key = 1; X509Certificate x509_certificate = 2; }
    ///   PublicKeyDetails key_details = 3;
    /// }
    /// message PublicKey { bytes raw_bytes = 1; }                    and X509Certificate the same
    /// ```
    public init(request body: [UInt8]) throws(RecordProblem) {
        let parts: (digest: [UInt8], signature: [UInt8], verifier: Verifier?, details: String)?
        do { parts = try Self.read(body) } catch { throw .malformed(error) }
        guard let parts else { throw .kindUnsupported }
        guard let verifier = parts.verifier else { throw .verifierAmbiguous }
        guard let keyDetails = KeyDetails(rawValue: parts.details) else { throw .keyDetailsUnsupported }
        self.init(digest: parts.digest, signature: parts.signature, verifier: verifier, keyDetails: keyDetails)
        if case .certificate(let der) = verifier {
            do { certificate = try Certificate(der: der) } catch { throw .certificateUnparsable }
        }
        try verify()
    }

    /// What the request says: nil when it is of another kind, no verifier when there are none or two of them, and no key
    /// details when they aren't among ours.
    private static func read(
        _ body: [UInt8]
    ) throws(ProtoFault) -> (digest: [UInt8], signature: [UInt8], verifier: Verifier?, details: String)? {
        // Rekor v2 has had a second kind, and some clients may still send it.
        let (ours, formerly) = ("hashedRekordRequestV002", "dsseRequestV002")
        let limits = JSONLimits(bytesMax: requestBytesMax, depthMax: 8, valuesMax: 100)
        let outer = try ProtoObject(parsing: body, limits: limits, fields: [ours, formerly])
        guard try outer.has(ours), try !outer.has(formerly) else { return nil }
        let request = try outer.required(ours, fields: ["digest", "signature"])
        let signature = try request.required("signature", fields: ["content", "verifier"])
        let verifier = try signature.required("verifier", fields: ["publicKey", "x509Certificate", "keyDetails"])
        let key = try verifier.object("publicKey", fields: ["rawBytes"])
        let certificate = try verifier.object("x509Certificate", fields: ["rawBytes"])
        let known: Verifier? =
            switch (key, certificate) {
            case (let key?, nil): .publicKey(try key.requiredBytes("rawBytes"))
            case (nil, let certificate?): .certificate(try certificate.requiredBytes("rawBytes"))
            case (_?, _?), (nil, nil): nil
            }
        let details: String
        do { details = try verifier.enumeration("keyDetails", KeyDetails.names) } catch {
            guard error.rule == .notOfTheEnum else { throw error }
            details = ""
        }
        return (try request.requiredBytes("digest"), try signature.requiredBytes("content"), known, details)
    }

    /// Whether anybody trusts the key is not the log's question; that the signature is the key's, is.
    private func verify() throws(RecordProblem) {
        guard digest.count == keyDetails.digest.byteCount else { throw .digestLength }
        let key = try publicKey()
        // Clients make the key details out of the key, and so an entry that names others is another entry to them.
        guard key.algorithm == keyDetails.algorithm else { throw .keyMismatch }
        do {
            try key.verify(signature, overHash: digest, with: keyDetails.scheme)
        } catch {
            throw .signatureInvalid
        }
    }

    private func publicKey() throws(RecordProblem) -> PublicKey {
        switch verifier {
        case .publicKey(let info):
            do throws(KeysError) {
                let key = try PublicKey(subjectPublicKeyInfo: info)
                guard key.subjectPublicKeyInfo == info else { throw .unparsable }
                return key
            } catch {
                if case .weak = error { throw .keyWeak }
                throw .keyUnparsable
            }
        case .certificate:
            guard let certificate else { throw .certificateUnparsable }
            do throws(CertificatesError) { return try certificate.publicKey } catch {
                if case .key(.weak) = error { throw .keyWeak }
                throw .keyUnparsable
            }
        }
    }
}

extension ProtoObject {
    /// Bytes that must be there; none are as good as absent.
    fileprivate func requiredBytes(_ name: String) throws(ProtoFault) -> [UInt8] {
        let bytes = try bytes(name)
        guard !bytes.isEmpty else { throw ProtoFault(path: path(name), rule: .missing) }
        return bytes
    }
}
