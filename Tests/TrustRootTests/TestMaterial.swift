import Certificates
import Keys
import TestKit
import TrustRoot

/// One installation's trust, with keys that the tests have.
struct TestMaterial {
    static let now = TwoTierAuthority.now

    let authority: TwoTierAuthority
    let logKey: PublicKey
    let url: ServiceURL

    init() throws {
        authority = try TwoTierAuthority()
        logKey = try SigningKey.generate(.p256).publicKey
        url = try ServiceURL("https://sign.example.internal:8443")
    }

    func documents(endSeconds: Int64? = nil, hasAll: Bool = true) throws -> TrustDocuments {
        let window = ValidityWindow(startSeconds: Self.now - 60)
        let log = TrustedLog(url: url, key: logKey, window: window)
        let stamper = TrustedAuthority(chain: authority.chain, url: url.appending("/api/v1/timestamp"), window: window)
        let material = TrustMaterial(
            certificateAuthorities: [
                TrustedAuthority(
                    chain: authority.chain,
                    url: url,
                    window: ValidityWindow(startSeconds: Self.now - 60, endSeconds: endSeconds)
                )
            ],
            certificateLogs: [log],
            recordLogs: hasAll ? [log] : [],
            timestampAuthorities: hasAll ? [stamper] : []
        )
        let services = SigningServices(
            certificateAuthority: url,
            issuers: ["https://accounts.example.internal/"],
            recordLog: hasAll ? url : nil,
            timestampAuthority: hasAll ? url.appending("/api/v1/timestamp") : nil,
            operatorName: "example.internal",
            startSeconds: Self.now - 60
        )
        return try TrustDocuments(material, services, at: Self.now)
    }
}
