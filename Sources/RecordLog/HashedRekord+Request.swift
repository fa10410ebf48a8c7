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
        let outer = try StrictMessage(
            body: body,
            limits: JSONLimits(bytesMax: Self.requestBytesMax, depthMax: 8, valuesMax: 100),
            // Rekor v2 has had a second kind, and some clients may still send it.
            fields: [Self.name: "hashed_rekord_request_v002", "dsseRequestV002": "dsse_request_v002"]
        )
        guard outer.has(Self.name), !outer.has("dsseRequestV002") else { throw .kindUnsupported }
        let request = try outer.message(Self.name, fields: ["digest": "digest", "signature": "signature"])
        let signature = try request.message("signature", fields: ["content": "content", "verifier": "verifier"])
        let verifier = try signature.message(
            "verifier",
            fields: [
                "publicKey": "public_key", "x509Certificate": "x509_certificate", "keyDetails": "key_details",
            ]
        )
        digest = try request.bytes("digest")
        self.signature = try signature.bytes("content")
        self.verifier = try Self.verifier(verifier)
        let details = try verifier.value("keyDetails")
        guard
            let keyDetails = details.name.flatMap(KeyDetails.init(rawValue:))
                ?? details.number.flatMap(KeyDetails.init(number:))
        else { throw .keyDetailsUnsupported }
        self.keyDetails = keyDetails
        try verify()
    }

    private static let name = "hashedRekordRequestV002"

    private static func verifier(_ message: StrictMessage) throws(RecordProblem) -> Verifier {
        let rawBytes: KeyValuePairs = ["rawBytes": "raw_bytes"]
        switch (message.has("publicKey"), message.has("x509Certificate")) {
        case (true, false):
            return .publicKey(try message.message("publicKey", fields: rawBytes).bytes("rawBytes"))
        case (false, true):
            return .certificate(try message.message("x509Certificate", fields: rawBytes).bytes("rawBytes"))
        case (true, true), (false, false): throw .verifierAmbiguous
        }
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
        case .certificate(let der):
            guard let certificate = try? Certificate(der: der) else { throw .certificateUnparsable }
            do throws(CertificatesError) { return try certificate.publicKey } catch {
                if case .key(.weak) = error { throw .keyWeak }
                throw .keyUnparsable
            }
        }
    }
}
