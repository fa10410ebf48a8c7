import HTTPTypes
import Issuance
import Testing
import Wire

@testable import Server

@Suite("API-10…24, API-50…53: reading requests")
struct SigningBodyTests {
    private let token: HTTPFields = [.authorization: "Bearer x.y.z"]

    private func content(_ request: KeyRequest) -> String {
        switch request {
        case .publicKey(let content, let proof): "key \(String(decoding: content, as: UTF8.self)) \(proof)"
        case .certificateSigningRequest(let pem): "csr \(String(decoding: pem, as: UTF8.self))"
        }
    }

    private func refusal(_ body: String, version1: Bool = false) -> Refusal? {
        do throws(Refusal) {
            _ =
                version1
                ? try SigningBody.version1(Array(body.utf8), headers: token)
                : try SigningBody.version2(Array(body.utf8), headers: token)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "API-11, API-12: both spellings, unknown names and unknown enum texts",
        arguments: [
            #"{"publicKeyRequest":{"publicKey":{"algorithm":"RSA","content":"K"},"proofOfPossession":"AQI="}}"#,
            #"{"public_key_request":{"public_key":{"algorithm":"rsa-sha256","content":"K"},"proof_of_possession":"AQI"}}"#,
            #"{"future":[{}],"publicKeyRequest":{"publicKey":{"algorithm":2,"content":"K","x":1},"proofOfPossession":"AQI"}}"#,
            #"{"certificateSigningRequest":null,"publicKeyRequest":{"publicKey":{"content":"K"},"proofOfPossession":"AQI="}} trailing"#,
        ]
    )
    func spellingsAreRead(body: String) throws {
        #expect(content(try SigningBody.version2(Array(body.utf8), headers: token).key) == "key K [1, 2]")
    }

    @Test("API-13: any base64", arguments: ["-_8=", "-_8", "+/8=", "+/8"])
    func base64IsLenient(text: String) throws {
        let body = #"{"publicKeyRequest":{"publicKey":{"content":"K"},"proofOfPossession":"\#(text)"}}"#
        #expect(content(try SigningBody.version2(Array(body.utf8), headers: token).key) == "key K [251, 255]")
    }

    @Test(
        "API-14, API-67: what isn't this message",
        arguments: [
            "null", "[]", "5", #""x""#, "hello", #"{"a":1,}"#, #"{"credentials":"#, "\u{FEFF}{}",
            #"{"credentials":"x"}"#, #"{"credentials":{"oidcIdentityToken":5}}"#, #"{"publicKeyRequest":[]}"#,
            #"{"publicKeyRequest":{"publicKey":{"algorithm":true}}}"#,
            #"{"publicKeyRequest":{"publicKey":{"algorithm":1.5}}}"#,
            #"{"publicKeyRequest":{"publicKey":{"algorithm":99999999999}}}"#,
            #"{"publicKeyRequest":{"proofOfPossession":[1]}}"#, #"{"certificateSigningRequest":"*"}"#,
            #"{"publicKeyRequest":{},"certificateSigningRequest":"AA=="}"#,
            #"{"credentials":{"oidcIdentityToken":"a","oidc_identity_token":"a"}}"#,
            #"{"credentials":{},"credentials":{}}"#, String(repeating: "[", count: 100_000),
        ]
    )
    func otherBodiesAreRefused(body: String) {
        #expect(refusal(body) == .bodyUnparsable)
    }

    @Test("API-17: an empty body is an empty message", arguments: ["", "  \n\t", "{}"])
    func emptyBodyIsEmptyMessage(body: String) throws {
        #expect(content(try SigningBody.version2(Array(body.utf8), headers: token).key) == "key  []")
    }

    @Test("API-53: v1 without a key is refused before the token is looked at; its names have one spelling")
    func versionOneWantsAKeyFirst() {
        for body in ["", "{}", #"{"public_key":{"content":"AA=="}}"#, #"{"publicKey":{}}"#] {
            #expect(refusal(body, version1: true) == .publicKeyUnparsable)
        }
    }

    @Test("API-50: in v1 a signing request wins over a key")
    func versionOnePrefersTheRequest() throws {
        let body = #"{"publicKey":{"content":"Sw=="},"signedEmailAddress":"AQ==","certificateSigningRequest":"Uw=="}"#
        #expect(content(try SigningBody.version1(Array(body.utf8), headers: token).key) == "csr S")
    }
}
