import Authority
import CertificateLog
import Certificates
import Foundation
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
        let body = String(decoding: refusal.body, as: UTF8.self)
        #expect(body.hasPrefix(#"{"code":3,"message":"\#(message)","details":["#))
    }

    @Test(
        "the details say why, with what the caller's own token says",
        arguments: [
            (AuthorityError.identity(.expired(secondsAgo: 5)), "TOKEN_EXPIRED", ["expiredSecondsAgo": "5"]),
            (.identity(.notYetValid(seconds: 400)), "TOKEN_NOT_YET_VALID", ["validInSeconds": "400"]),
            (
                .identity(.audienceMismatch(expected: ["sigstore"])), "AUDIENCE_MISMATCH",
                ["claim": "aud", "expected": "sigstore"]
            ),
            (.identity(.claimMissing("ref")), "CLAIM_MISSING", ["claim": "ref"]),
            (.identity(.emailUnverified), "EMAIL_UNVERIFIED", ["claim": "email_verified"]),
            (.identity(.signatureInvalid), "SIGNATURE_INVALID", [:]),
            (.issuance(.proofInvalid), "PROOF_INVALID", [:]),
        ]
    )
    func detailsSayWhy(error: AuthorityError, reason: String, facts: [String: String]) throws {
        let info = try #require(try JSON.parse(Refusal(error).body)["details"]?.elements?.first)
        #expect(info["@type"]?.string == "type.googleapis.com/google.rpc.ErrorInfo")
        #expect(info["reason"]?.string == reason && info["domain"]?.string == "mayfly")
        let metadata = try #require(info["metadata"]?.members)
        #expect(Dictionary(metadata.map { ($0.name, $0.value.string) }) { $1 } == facts.mapValues { $0 })
    }

    @Test("docs/errors.md has a row for each reason", arguments: RefusalReason.allCases)
    func everyReasonIsDocumented(reason: RefusalReason) throws {
        let page = try String(contentsOfFile: "docs/errors.md", encoding: .utf8)
        #expect(page.contains("| `\(reason.rawValue)` |"))
    }

    @Test(
        "API-64, API-65 [Q]: our errors are never 400 and never say what broke",
        arguments: [
            AuthorityError.issuance(.signerFailed(.openSSL(operation: "sign", reasons: ["secret detail"]))),
            .issuance(.lintFailed([])), .issuance(.authorityExpired), .log(.remoteRefused(status: 400)),
            .log(.log(.unavailable(.full))), .log(.log(.busy)), .log(.log(.clockBehind(seconds: 11))), .busy,
            .file(path: "/secret/path", .missing),
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
