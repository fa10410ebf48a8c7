import Keys
import Wire

extension TimestampRequest {
    /// The most bytes of a request in JSON, as in Sigstore's authority: reading a long decimal number is quadratic.
    public static let jsonBytesMax = 1024

    /// Reads the JSON form of Sigstore's timestamp authority (`JSONRequest` in its `pkg/api/timestamp.go`).
    ///
    /// ```
    /// {"artifactHash": "<base64>", "certificates": true, "hashAlgorithm": "sha256", "nonce": 1123343434,
    ///  "tsaPolicyOID": "1.2.3.4"}
    /// ```
    ///
    /// As there, every member may be missing or null, names that aren't known are read over, and the nonce is a whole
    /// number of any size. Throws ``TimestampingError/unparsable`` and ``TimestampingError/refused(_:)``.
    public init(json bytes: [UInt8]) throws(TimestampingError) {
        guard bytes.count <= Self.jsonBytesMax, let json = try? JSON.parse(Self.longNumbersQuoted(bytes)),
            json.kind == .object
        else { throw .unparsable }
        let digest = try Self.digest(try Self.text(json["hashAlgorithm"]))
        guard let imprint = try? Base64.decode(Array(try Self.text(json["artifactHash"]).utf8)) else {
            throw .unparsable
        }
        let policy = try Self.text(json["tsaPolicyOID"])
        try self.init(
            digest: digest,
            imprint: imprint,
            policy: policy.isEmpty ? nil : try TimestampPolicy(requested: policy),
            nonce: try Self.nonce(json["nonce"]),
            wantsCertificates: try Self.flag(json["certificates"])
        )
    }

    private static func text(_ value: JSON?) throws(TimestampingError) -> String {
        guard let value, !value.isNull else { return "" }
        guard let text = value.string else { throw .unparsable }
        return text
    }

    private static func flag(_ value: JSON?) throws(TimestampingError) -> Bool {
        guard let value, !value.isNull else { return false }
        guard let flag = value.bool else { throw .unparsable }
        return flag
    }

    private static func nonce(_ value: JSON?) throws(TimestampingError) -> TimestampNonce? {
        guard let value, !value.isNull else { return nil }
        let text = value.integer.map { "\($0)" } ?? value.string
        guard let text, let nonce = TimestampNonce(decimal: text) else { throw .unparsable }
        return nonce
    }

    private static func digest(_ name: String) throws(TimestampingError) -> DigestAlgorithm {
        switch name.lowercased() {
        case "sha256": .sha256
        case "sha384": .sha384
        case "sha512": .sha512
        default: throw .refused(.badAlg)
        }
    }

    /// The text with quotes around each whole number of 19 digits and more, which the parser has no room for.
    private static func longNumbersQuoted(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var isInString = false
        var index = 0
        while index < text.count {
            let byte = text[index]
            if isInString {
                if byte == UInt8(ascii: "\\"), index + 1 < text.count {
                    result.append(byte)
                    index += 1
                }
                isInString = byte != UInt8(ascii: "\"")
            } else if byte == UInt8(ascii: "\"") {
                isInString = true
            } else if isPartOfNumber(byte) {
                let number = text[index...].prefix(while: isPartOfNumber)
                let isLong = number.count > 18 && number.dropFirst().allSatisfy(isDigit)
                result += isLong ? [UInt8(ascii: "\"")] + number + [UInt8(ascii: "\"")] : Array(number)
                index += number.count
                continue
            }
            result.append(text[index])
            index += 1
        }
        return result
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isPartOfNumber(_ byte: UInt8) -> Bool {
        isDigit(byte) || "-+.eE".utf8.contains(byte)
    }
}

extension TimestampPolicy {
    /// A policy in a request: one that can't be read is none of ours.
    fileprivate init(requested text: String) throws(TimestampingError) {
        do { try self.init(text) } catch { throw .refused(.unacceptedPolicy) }
    }
}
