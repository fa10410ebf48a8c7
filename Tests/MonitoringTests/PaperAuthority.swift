import Certificates
import Keys
import TestKit

/// A CA whose key the test has.
struct PaperAuthority {
    static let now = TwoTierAuthority.now

    struct Made {
        let der: [UInt8]
        let tbs: [UInt8]
    }

    let chain: [Certificate]
    let signer: CertificateSigner

    init(chain: [Certificate], signer: CertificateSigner) {
        self.chain = chain
        self.signer = signer
    }

    init() throws {
        let authority = try TwoTierAuthority()
        self.init(chain: authority.chain.certificates, signer: authority.signer)
    }

    func make(_ email: String = "jane@example.com", serial: SerialNumber? = nil) throws -> Made {
        let precertificate = try signer.precertificate(for: email, serial: serial)
        return Made(der: precertificate.der, tbs: precertificate.tbsWithoutPoison)
    }
}
