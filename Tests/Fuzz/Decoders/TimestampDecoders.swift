import Timestamping

enum TimestampDecoders {
    /// A request for a timestamp in DER, or in JSON when it begins like that.
    @Sendable static func request(_ bytes: [UInt8]) {
        let isJSON = bytes.first == UInt8(ascii: "{")
        guard let request = isJSON ? try? TimestampRequest(json: bytes) : try? TimestampRequest(der: bytes) else {
            return
        }
        guard let der = try? request.der else { return Decoders.require(false, "what was read can be written") }
        Decoders.require((try? TimestampRequest(der: der)) == request, "what is written can be read")
    }
}
