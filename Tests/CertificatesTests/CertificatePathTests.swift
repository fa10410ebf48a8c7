import COpenSSL
import Keys
import Testing

@testable import Certificates

@Suite("Path of a leaf: RFC 5280 §6.1")
struct CertificatePathTests {
    private static let codeSigning: UInt8 = 3
    private static let digitalSignature: [UInt8] = [0x03, 0x02, 0x07, 0x80]

    private let key: SigningKey
    private let authority: CertificateChain

    init() throws {
        key = try SigningKey.generate(.p256)
        authority = try CertificateChain([TestCertificate(subject: "Root").make(key)])
    }

    private func path(_ change: (inout TestCertificate) -> Void) throws {
        var leaf = TestCertificate(subject: "Leaf", issuer: "Root", constraints: nil, usage: Self.digitalSignature)
        leaf.purpose = Self.codeSigning
        change(&leaf)
        _ = try leaf.make(try .generate(.p256), signedBy: key).path(to: authority, atSeconds: TestAuthority.now)
    }

    @Test("a leaf says itself that it is for code signing, and that its key makes signatures")
    func usages() throws {
        try path { _ in }
        let any: [UInt8] = [0x30, 0x06, 0x06, 0x04, 0x55, 0x1D, 0x25, 0x00]
        let changes: [(inout TestCertificate) -> Void] = [
            { $0.purpose = nil },
            { $0.purpose = 1 },
            { leaf in
                leaf.purpose = nil
                leaf.extra = [(NID_ext_key_usage, false, any)]
            },
            { $0.usage = [0x03, 0x02, 0x05, 0x20] },
        ]
        for change in changes {
            #expect(throws: CertificatesError.chain(.codeSigningMissing)) { try path(change) }
        }
    }
}
