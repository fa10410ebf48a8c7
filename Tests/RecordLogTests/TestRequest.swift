import RecordLog
import TestKit
import Wire

@testable import Keys

/// A request for an entry, with each part to be exchanged.
struct TestRequest {
    /// What is signed unless a test says otherwise.
    static let artifact = Array("an artifact".utf8)

    var key: SigningKey
    var details: String
    var digest: [UInt8]
    var signature: [UInt8]
    /// The verifier's members but `keyDetails`.
    var verifier: [(String, JSONText)]

    /// Of a new key, by its public key.
    init(_ details: KeyDetails = .p256, artifact: [UInt8] = Self.artifact) throws {
        self = try TestRequest(details, key: SigningKey.generate(details.algorithm), artifact: artifact)
    }

    init(_ details: KeyDetails, key: SigningKey, artifact: [UInt8] = Self.artifact) throws {
        self.key = key
        self.details = details.rawValue
        digest = details.digest.digest(artifact)
        signature = try key.sign(artifact)
        verifier = [Self.raw("publicKey", key.publicKey.subjectPublicKeyInfo)]
    }

    static func raw(_ name: String, _ bytes: [UInt8]) -> (String, JSONText) {
        (name, .object([("rawBytes", .string(Base64.encode(bytes)))]))
    }

    /// The JSON text.
    var body: [UInt8] {
        let signature = JSONText.object([
            ("content", .string(Base64.encode(signature))),
            ("verifier", .object(verifier + [("keyDetails", .string(details))])),
        ])
        let request = JSONText.object([("digest", .string(Base64.encode(digest))), ("signature", signature)])
        return JSONText.object([("hashedRekordRequestV002", request)]).encoded()
    }

    /// What is wrong with it; nil when it is an entry.
    var problem: RecordProblem? { Self.problem(body) }

    static func problem(_ body: [UInt8]) -> RecordProblem? {
        do throws(RecordProblem) {
            _ = try HashedRekord(request: body).body()
            return nil
        } catch {
            return error
        }
    }
}
