import Transparency
import Witnessing

enum WitnessDecoders {
    /// What a log asks of a witness, and the verifier key that a configuration names.
    @Sendable static func request(_ bytes: [UInt8]) {
        if let cosigner = try? Cosigner(verifierKey: String(decoding: bytes, as: UTF8.self)) {
            Decoders.require((try? Cosigner(verifierKey: cosigner.verifierKey)) == cosigner, "a key can be read again")
        }
        guard let request = try? AddCheckpointRequest(encoded: bytes) else { return }
        Decoders.require(request.encoded == bytes, "a request is written as it was read")
    }

    /// The proof that a client keeps.
    @Sendable static func receipt(_ bytes: [UInt8]) {
        guard let receipt = try? Receipt(encoded: bytes) else { return }
        Decoders.require((try? Receipt(encoded: receipt.encoded)) == receipt, "what is written can be read")
    }
}
