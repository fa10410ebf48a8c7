import Keys
import TestKit
import Testing
import Wire

@testable import Timestamping

@Suite("Requests for timestamps: RFC 3161 §2.4.1")
struct TimestampRequestTests {
    /// What cosign 3.1.1 sends: SHA-256, no nonce, no certReq.
    static let cosign = "30360201013031300d060960864801650304020105000420" + String(repeating: "ab", count: 32)
    /// What sigstore-python 4.5.1 sends: the same with a nonce and certReq TRUE.
    static let python =
        "30430201013031300d060960864801650304020105000420" + String(repeating: "cd", count: 32)
        + "020801548f395922ad33" + "0101ff"

    @Test func theClientsRequestsAreRead() throws {
        let cosign = try TimestampRequest(der: hex(Self.cosign))
        #expect(cosign.digest == .sha256 && cosign.imprint == [UInt8](repeating: 0xAB, count: 32))
        #expect(cosign.nonce == nil && cosign.policy == nil && !cosign.wantsCertificates && cosign.hasNullParameter)
        let python = try TimestampRequest(der: hex(Self.python))
        #expect(python.nonce == TimestampNonce(decimal: "95858968552975667"))
        #expect(python.wantsCertificates)
    }

    @Test(arguments: [
        // version 2
        (
            "30360201023031300d060960864801650304020105000420" + String(repeating: "ab", count: 32),
            TimestampFailure.badRequest
        ),
        // SHA-1
        ("302a0201013025300906052b0e03021a05000418" + String(repeating: "ab", count: 24), .badAlg),
        // SHA-256 with a parameter that isn't NULL
        (
            "3037020101" + "3032300e0609608648016503040201020101" + "0420" + String(repeating: "ab", count: 32), .badAlg
        ),
        // 31 bytes of SHA-256
        ("3035020101303030" + "0d06096086480165030402010500041f" + String(repeating: "ab", count: 31), .badDataFormat),
        // an extension that isn't critical, then one that is
        (
            "304402010130313" + "00d060960864801650304020105000420" + String(repeating: "ab", count: 32)
                + "a00c300a06032a03040403020101", .unacceptedExtension
        ),
        (
            "304702010130313" + "00d060960864801650304020105000420" + String(repeating: "ab", count: 32)
                + "a00f300d06032a03040101ff0403020101", .unacceptedExtension
        ),
        // one byte after the request
        (cosign + "00", .badDataFormat),
    ])
    func whatGetsNoTimestampIsRefusedWithItsBit(text: String, failure: TimestampFailure) throws {
        let der = try hex(text)
        #expect(throws: TimestampingError.refused(failure)) { try TimestampRequest(der: der) }
        let answer = try #require(Judgement.Answer(failure.response))
        #expect(answer.status == 2 && answer.failureBits == [failure.rawValue])
    }

    @Test(arguments: TimestampFailure.allCases)
    func everyRefusalIsAnAnswerThatOpenSSLReads(failure: TimestampFailure) throws {
        let answer = try #require(Judgement.Answer(failure.response))
        #expect(answer.status == 2 && answer.failureBits == [failure.rawValue] && answer.certificates == 0)
    }

    @Test func whatIsNoRequestIsUnparsable() throws {
        let good = try hex(Self.python)
        for count in 0..<good.count {
            #expect(throws: TimestampingError.unparsable) { try TimestampRequest(der: Array(good.prefix(count))) }
        }
        #expect(throws: TimestampingError.unparsable) {
            try TimestampRequest(der: good + [UInt8](repeating: 0, count: TimestampRequest.bytesMax))
        }
    }

    /// decode ∘ encode is nothing.
    @Test func aRequestIsReadAsItWasWritten() throws {
        var generator = SeededGenerator(seed: 3161)
        for _ in 0..<500 {
            let digest = [DigestAlgorithm.sha256, .sha384, .sha512].randomElement(using: &generator) ?? .sha256
            let digits = (0..<Int.random(in: 1...60, using: &generator)).map { _ in
                "\(Int.random(in: 0...9, using: &generator))"
            }
            let request = try TimestampRequest(
                digest: digest,
                imprint: (0..<digest.byteCount).map { _ in UInt8.random(in: 0...255, using: &generator) },
                hasNullParameter: Bool.random(using: &generator),
                policy: Bool.random(using: &generator)
                    ? try TimestampPolicy("1.2.\(UInt32.random(in: 0 ... .max, using: &generator))") : nil,
                nonce: Bool.random(using: &generator) ? TimestampNonce(decimal: digits.joined()) : nil,
                wantsCertificates: Bool.random(using: &generator)
            )
            #expect(try TimestampRequest(der: request.der) == request)
        }
    }

    /// Garbage in: the decoder answers, whatever comes.
    @Test func changedRequestsAreBorne() throws {
        var generator = SeededGenerator(seed: 5816)
        let good = [try hex(Self.cosign), try hex(Self.python)]
        var refusals: Set<String> = []
        for _ in 0..<20_000 {
            let bytes = generator.flipped(good.randomElement(using: &generator) ?? [])
            do throws(TimestampingError) { _ = try TimestampRequest(der: bytes) } catch { refusals.insert("\(error)") }
        }
        #expect(refusals.count >= 4)
    }

    private func hex(_ text: String) throws -> [UInt8] {
        let digits = text.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
        try #require(digits.count.isMultiple(of: 2))
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
    }
}
