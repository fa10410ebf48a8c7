import TestKit
import Testing

@testable import Certificates

@Suite("Identity extensions: ID-1, ID-2")
struct IdentityExtensionsTests {
    /// The texts are taken out of the recording by hand, so that reading and writing are not checked by one another.
    @Test(arguments: FulcioRecording.all)
    func encodingsAreThoseOfFulcio(_ recording: FulcioRecording) throws {
        var texts = IdentityExtensions()
        let recorded = recording.extensions.compactMap { item in
            item.identifier.split(separator: ".").last.flatMap { UInt8($0) }.flatMap { arc in
                item.identifier.hasPrefix("1.3.6.1.4.1.57264.1.") ? (arc, bytes(item.hex)) : nil
            }
        }
        for (arc, content) in recorded {
            let id = try #require(CertificateExtensionID(lastArc: arc))
            texts[id] = String(decoding: arc <= 6 ? content[...] : content.dropFirst(2), as: UTF8.self)
        }
        #expect(texts.ordered.map(\.id.lastArc) == recorded.map(\.0))
        for (id, _) in texts.ordered {
            #expect(texts.der(of: id) == recorded.first { $0.0 == id.lastArc }?.1)
        }
    }

    @Test func emptyTextIsAbsent() {
        var texts = IdentityExtensions(issuer: "https://example.com")
        texts[.tokenSubject] = ""
        #expect(texts[.tokenSubject] == nil)
        #expect(texts.der(of: .tokenSubject) == nil)
        #expect(texts.ordered.map(\.id) == [.issuer, .issuerV2])
        texts[.issuer] = nil
        #expect(texts.ordered.map(\.id) == [.issuerV2])
    }

    @Test(arguments: [0, 1, 127, 128, 255, 256, 65_535, 65_536])
    func longTextsGetLongLengths(_ count: Int) {
        let encoded = IdentityExtensions.encode(String(repeating: "a", count: count), as: .utf8String)
        let header: [UInt8] =
            switch count {
            case ..<0x80: [0x0C, UInt8(count)]
            case ..<0x100: [0x0C, 0x81, UInt8(count)]
            case ..<0x1_0000: [0x0C, 0x82, UInt8(count >> 8), UInt8(count & 0xFF)]
            default: [0x0C, 0x83, UInt8(count >> 16), UInt8(count >> 8 & 0xFF), UInt8(count & 0xFF)]
            }
        #expect(encoded.starts(with: header))
        #expect(encoded.count == header.count + count)
    }
}
