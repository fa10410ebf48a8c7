import Certificates
import Testing

@Suite("Sigstore OIDs: ID-1")
struct CertificateExtensionIDTests {
    @Test func tableHoldsArcsInTheOrderOfACertificate() {
        #expect(CertificateExtensionID.allCases.map(\.lastArc) == [1, 2, 3, 4, 5, 6] + Array(8...24))
        #expect(CertificateExtensionID.buildSignerURI.dotted == "1.3.6.1.4.1.57264.1.9")
    }

    @Test func onlyTheFirstSixAreRaw() {
        let raw = CertificateExtensionID.allCases.filter { $0.encoding == .raw }
        #expect(
            raw == [
                .issuer, .gitHubWorkflowTrigger, .gitHubWorkflowSHA, .gitHubWorkflowName, .gitHubWorkflowRepository,
                .gitHubWorkflowRef,
            ]
        )
    }

    @Test func namesAreDistinct() {
        #expect(Set(CertificateExtensionID.allCases.map(\.name)).count == 23)
        #expect(CertificateExtensionID(lastArc: 24)?.name == "Token Subject")
    }

    @Test(arguments: [0, 7, 25, 255] as [UInt8])
    func arcsOutsideTheTableAreRefused(_ arc: UInt8) {
        #expect(CertificateExtensionID(lastArc: arc) == nil)
    }
}
