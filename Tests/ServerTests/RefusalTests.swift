import Authority
import CertificateLog
import Certificates
import Identity
import Issuance
import Keys
import Testing
import Wire

@testable import Server

@Suite("API-61…68: what clients are told")
struct RefusalTests {
    @Test(
        "API-63: the caller's errors, word for word",
        arguments: [
            (AuthorityError.identity(.malformed), "There was an error processing the identity token"),
            (.identity(.expired(secondsAgo: 5)), "There was an error processing the identity token"),
            (.issuance(.publicKeyUnparsable), "The public key supplied in the request could not be parsed"),
            (.issuance(.publicKeyWeak(.exponent)), "The public key supplied in the request is insecure"),
            (.issuance(.proofInvalid), "The signature supplied in the request could not be verified"),
            (.issuance(.signingRequestUnparsable), "The certificate signing request could not be parsed"),
            (
                .issuance(.signatureAlgorithmNotPermitted(.p384, .sha256)),
                "signing algorithm not permitted: *ecdsa.PublicKey, SHA-256"
            ),
            (
                .issuance(.signatureAlgorithmUnrecognized(name: "SHA256-RSAPSS")),
                "unrecognized signature algorithm: SHA256-RSAPSS"
            ),
        ]
    )
    func callersErrorsAre400(error: AuthorityError, message: String) {
        let refusal = Refusal(error)
        #expect(refusal.status == .badRequest && refusal.code == 3 && refusal.message == message)
        #expect(
            String(decoding: refusal.body, as: UTF8.self)
                == #"{"code":3,"message":"\#(message)","details":[]}"#
        )
    }

    @Test(
        "API-64, API-65 [Q]: our errors are never 400 and never say what broke",
        arguments: [
            AuthorityError.issuance(.signerFailed(.openSSL(operation: "sign", reasons: ["secret detail"]))),
            .issuance(.lintFailed([])), .issuance(.authorityExpired), .log(.remoteRefused(status: 400)),
            .log(.log(.unavailable(.full))), .log(.log(.busy)), .busy, .file(path: "/secret/path", .missing),
        ]
    )
    func ourErrorsSayNothing(error: AuthorityError) {
        let refusal = Refusal(error)
        #expect(refusal.status.kind == .serverError)
        #expect(!refusal.message.contains("secret"))
        #expect((refusal.status == .serviceUnavailable) == (refusal.retryAfterSeconds != nil))
        #expect((refusal.code == 14) == (refusal.status == .serviceUnavailable))
    }
}
