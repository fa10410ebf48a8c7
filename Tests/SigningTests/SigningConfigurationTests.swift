import SignatureTestKit
import TestKit
import Testing
import Verification
import Wire

@testable import Signing

@Suite("sigstore_trustroot.proto: where to sign")
struct SigningConfigurationTests {
    private static let now: Int64 = 1_795_500_000_000

    private func service(
        _ url: String,
        version: Int64 = 1,
        start: String = "2026-01-01T00:00:00Z",
        end: String? = nil,
        provider: String = "example"
    ) -> JSONText {
        var window: [(String, JSONText)] = [("start", .string(start))]
        if let end { window.append(("end", .string(end))) }
        return .object([
            ("url", .string(url)), ("majorApiVersion", .integer(version)), ("validFor", .object(window)),
            ("operator", .string(provider)),
        ])
    }

    private func configuration(
        authorities: [JSONText],
        logs: [JSONText],
        timestamps: [JSONText],
        selector: JSONText = .object([("selector", .string("ANY"))])
    ) -> JSONText {
        .object([
            ("mediaType", .string("application/vnd.dev.sigstore.signingconfig.v0.2+json")),
            ("caUrls", .array(authorities)), ("oidcUrls", .array([service("https://idp")])),
            ("rekorTlogUrls", .array(logs)), ("rekorTlogConfig", selector), ("tsaUrls", .array(timestamps)),
            ("tsaConfig", selector),
        ])
    }

    private func read(_ json: JSONText) throws -> [SigningService: [String]] {
        try SigningConfiguration(json: json.encoded(), atMilliseconds: Self.now).urls
    }

    @Test("the first of each kind that is in use and speaks the version that is spoken here")
    func firstUsable() throws {
        let old = service("https://old", end: "2026-02-01T00:00:00Z")
        let urls = try read(
            configuration(
                authorities: [old, service("https://ca//"), service("https://other")],
                logs: [
                    service("https://v1"), service("https://later", version: 2, start: "2027-01-01T00:00:00Z"),
                    service("https://v2/", version: 2),
                ],
                timestamps: [service("https://tsa/api/v1/timestamp")]
            )
        )
        #expect(urls[.authority] == ["https://ca"])
        #expect(urls[.log] == ["https://v2"])
        #expect(urls[.timestamps] == ["https://tsa/api/v1/timestamp"])
    }

    @Test("as many logs and timestamp authorities as it asks for")
    func selectors() throws {
        let timestamps = [
            service("https://a", provider: "a"), service("https://a2", provider: "a"),
            service("https://b", provider: "b"),
        ]
        func chosen(_ selector: JSONText) throws -> [String]? {
            try read(
                configuration(
                    authorities: [service("https://ca")],
                    logs: [
                        service("https://log", version: 2), service("https://log2", version: 2, provider: "other"),
                    ],
                    timestamps: timestamps,
                    selector: selector
                )
            )[.timestamps]
        }
        #expect(try chosen(.null) == ["https://a"])
        #expect(try chosen(.object([("selector", .string("ALL"))])) == ["https://a", "https://a2", "https://b"])
        #expect(
            try chosen(.object([("selector", .integer(3)), ("count", .integer(2))])) == ["https://a", "https://b"]
        )
        #expect(throws: SigningError.serviceMissing(.timestamps)) {
            try chosen(.object([("selector", .string("EXACT")), ("count", .integer(3))]))
        }
    }

    @Test("what lacks a service, is of another kind, or has a field that isn't known")
    func refusals() throws {
        let good = configuration(
            authorities: [service("https://ca")],
            logs: [service("https://log", version: 2)],
            timestamps: [service("https://tsa")]
        )
        let text = try BundleText(good.encoded())
        for (field, kind) in [
            ("caUrls", SigningService.authority), ("rekorTlogUrls", .log), ("tsaUrls", .timestamps),
        ] {
            #expect(throws: SigningError.serviceMissing(kind)) { try read(text.removing(field)) }
        }
        #expect(throws: SigningError.configurationUnknown("other")) {
            try read(text.setting("mediaType", .string("other")))
        }
        for path in text.objects {
            let fault = ProtoFault(path: path, rule: .unknownField("myNewField"))
            #expect(throws: SigningError.configuration(fault)) { try read(text.adding("myNewField", to: path)) }
        }
    }

    @Test("a client's configuration has both parts")
    func clientConfiguration() throws {
        let signing = configuration(
            authorities: [service("https://ca")],
            logs: [service("https://log", version: 2)],
            timestamps: [service("https://tsa")]
        )
        let root = JSONText.object([("mediaType", .string(TrustedRoot.mediaType))])
        let both = JSONText.object([
            ("mediaType", .string("application/vnd.dev.sigstore.clienttrustconfig.v0.1+json")), ("trustedRoot", root),
            ("signingConfig", signing),
        ])
        let read = try ClientConfiguration(json: both.encoded(), atMilliseconds: Self.now)
        #expect(read.signing.urls[.log] == ["https://log"])
        #expect(read.root.logs.isEmpty)
        let text = try BundleText(both.encoded())
        for path in ["trustedRoot", "signingConfig"] {
            #expect(throws: SigningError.configuration(ProtoFault(path: path, rule: .missing))) {
                try ClientConfiguration(json: text.removing(path).encoded(), atMilliseconds: Self.now)
            }
        }
    }
}
