import TestKit
import Testing

@testable import Certificates

@Suite("RFC 6962 §3.1: the certificate is the precertificate with timestamps")
struct LintSpliceTests {
    /// SEQUENCE { INTEGER 1, [3] { SEQUENCE { SEQUENCE { OID 1.2.3, OCTET STRING 05 } } } }
    private let withoutPoison: [UInt8] = [
        0x30, 0x10, 0x02, 0x01, 0x01, 0xA3, 0x0B, 0x30, 0x09, 0x30, 0x07, 0x06, 0x02, 0x2A, 0x03, 0x04, 0x01, 0x05,
    ]
    private let list: [UInt8] = [0x00, 0x03, 0x00, 0x01, 0x07]

    /// The same with the list, every length counted by hand.
    private let certificate: [UInt8] = [
        0x30, 0x27, 0x02, 0x01, 0x01, 0xA3, 0x22, 0x30, 0x20, 0x30, 0x07, 0x06, 0x02, 0x2A, 0x03, 0x04, 0x01, 0x05,
        0x30, 0x15, 0x06, 0x0A, 0x2B, 0x06, 0x01, 0x04, 0x01, 0xD6, 0x79, 0x02, 0x04, 0x02,
        0x04, 0x07, 0x04, 0x05, 0x00, 0x03, 0x00, 0x01, 0x07,
    ]

    @Test func rightSpliceIsAccepted() {
        #expect(LintSplice.isCertificate(certificate, madeOf: withoutPoison, sctList: list))
    }

    @Test func everyOtherByteIsRefused() {
        for position in certificate.indices {
            for bit in 0..<8 {
                var changed = certificate
                changed[position] ^= 1 << bit
                #expect(!LintSplice.isCertificate(changed, madeOf: withoutPoison, sctList: list))
            }
        }
        #expect(!LintSplice.isCertificate(certificate + [0], madeOf: withoutPoison, sctList: list))
        #expect(!LintSplice.isCertificate(Array(certificate.dropLast()), madeOf: withoutPoison, sctList: list))
        #expect(!LintSplice.isCertificate(certificate, madeOf: withoutPoison, sctList: list + [0]))
    }

    @Test func garbageIsNeverATrap() {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...24, using: &generator)).map { _ in
                UInt8.random(in: .min ... .max, using: &generator)
            }
            #expect(!LintSplice.isCertificate(certificate, madeOf: bytes, sctList: list))
            var changed = withoutPoison
            changed[Int.random(in: changed.indices, using: &generator)] = .random(in: .min ... .max, using: &generator)
            _ = LintSplice.isCertificate(certificate, madeOf: changed, sctList: list)
        }
    }
}
