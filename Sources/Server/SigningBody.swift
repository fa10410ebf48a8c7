import Authority
import HTTPTypes
import Identity
import Issuance

/// Reads the two forms of a signing request.
enum SigningBody {
    /// `POST /api/v2/signingCert` (section 1.5 of Fulcio's facts). The token in the body wins over the header's (API-20).
    ///
    /// ```
    /// message CreateSigningCertificateRequest {
    ///   Credentials credentials = 1;              oneof { string oidc_identity_token = 1; }
    ///   oneof key {
    ///     PublicKeyRequest public_key_request = 2;
    ///     bytes certificate_signing_request = 3;
    ///   }
    /// }
    /// ```
    static func version2(_ body: [UInt8], headers: HTTPFields) throws(Refusal) -> SigningRequest {
        let message = try ProtoMessage(body: body)
        let bodyToken = try message.message("credentials").string("oidcIdentityToken", "oidc_identity_token")
        let request = try message.message("publicKeyRequest", "public_key_request")
        let publicKey = try request.message("publicKey", "public_key")
        try publicKey.ignoredEnum("algorithm")
        let content = try publicKey.string("content")
        let proof = try request.bytes("proofOfPossession", "proof_of_possession")
        let signingRequest = try message.bytes("certificateSigningRequest", "certificate_signing_request")
        if try message.has("publicKeyRequest", "public_key_request"),
            try message.has("certificateSigningRequest", "certificate_signing_request")
        {
            throw .bodyUnparsable  // API-14
        }
        return SigningRequest(
            token: IDToken(bodyToken.isEmpty ? headerToken(headers) : bodyToken),
            key: signingRequest.isEmpty
                ? .publicKey(content: content, proof: proof)
                : .certificateSigningRequest(pem: signingRequest)
        )
    }

    /// `POST /api/v1/signingCert` (API-50…53), whose fields have one spelling. Without any key the refusal comes before
    /// the token is looked at.
    static func version1(_ body: [UInt8], headers: HTTPFields) throws(Refusal) -> SigningRequest {
        let message = try ProtoMessage(body: body)
        let publicKey = try message.message("publicKey")
        _ = try publicKey.string("algorithm")
        let content = try publicKey.bytes("content")
        let proof = try message.bytes("signedEmailAddress")
        let signingRequest = try message.bytes("certificateSigningRequest")
        if content.isEmpty, signingRequest.isEmpty { throw .publicKeyUnparsable }
        return SigningRequest(
            token: IDToken(headerToken(headers)),
            key: signingRequest.isEmpty
                ? .publicKey(content: content, proof: proof)
                : .certificateSigningRequest(pem: signingRequest)
        )
    }

    /// API-21: the first `Bearer ` is taken away, wherever it stands; several headers are as good as none.
    private static func headerToken(_ headers: HTTPFields) -> [UInt8] {
        let values = headers[values: .authorization]
        guard values.count == 1, let value = values.first else { return [] }
        let scheme = "Bearer "
        if value.hasPrefix(scheme) { return Array(value.utf8.dropFirst(scheme.utf8.count)) }
        guard let range = value.firstRange(of: scheme) else { return Array(value.utf8) }
        return Array((value[..<range.lowerBound] + value[range.upperBound...]).utf8)
    }
}
