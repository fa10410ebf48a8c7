import Keys
import Testing
import TrustRoot
import Wire

@Suite("trusted_root.json and signing_config.v0.2.json")
struct TrustDocumentsTests {
    /// The members at every level, sorted: clients refuse what they don't know.
    private func shape(_ value: JSON) -> String {
        switch value.kind {
        case .object:
            let members = (value.members ?? []).map { "\($0.name):\(shape($0.value))" }
            return "{" + members.sorted().joined(separator: ",") + "}"
        case .array: return "[" + (value.elements?.first.map(shape) ?? "") + "]"
        default: return "\(value.kind)"
        }
    }

    @Test func trustedRootHasTheMembersThatClientsWereSeenToTake() throws {
        let root = try JSON.parse(TestMaterial().documents().trustedRoot)
        let key = "keyDetails:string,rawBytes:string,validFor:{start:string}"
        let log = "[{baseUrl:string,hashAlgorithm:string,logId:{keyId:string},publicKey:{\(key)}}]"
        let authority =
            "[{certChain:{certificates:[{rawBytes:string}]},subject:{commonName:string,organization:string},uri:string,"
            + "validFor:{start:string}}]"
        #expect(
            shape(root)
                == "{certificateAuthorities:\(authority),ctlogs:\(log),mediaType:string,timestampAuthorities:\(authority),"
                + "tlogs:\(log)}"
        )
        #expect(root["mediaType"]?.string == "application/vnd.dev.sigstore.trustedroot+json;version=0.1")
    }

    @Test func signingConfigHasTheMembersThatClientsWereSeenToTake() throws {
        let config = try JSON.parse(TestMaterial().documents().signingConfig)
        let services = "[{majorApiVersion:integer,operator:string,url:string,validFor:{start:string}}]"
        #expect(
            shape(config)
                == "{caUrls:\(services),mediaType:string,oidcUrls:\(services),rekorTlogConfig:{selector:string},"
                + "rekorTlogUrls:\(services),tsaConfig:{selector:string},tsaUrls:\(services)}"
        )
        #expect(config["mediaType"]?.string == "application/vnd.dev.sigstore.signingconfig.v0.2+json")
        // A certificate authority's version is 1 though its path says v2; both of the record log's are named.
        #expect(config["caUrls"]?.elements?.map { $0["majorApiVersion"]?.integer } == [1])
        #expect(config["rekorTlogUrls"]?.elements?.map { $0["majorApiVersion"]?.integer } == [2, 1])
        // The issuer is what tokens say, slash included.
        #expect(config["oidcUrls"]?.elements?.map { $0["url"]?.string } == ["https://accounts.example.internal/"])
    }

    @Test func trustConfigHasBothAsTheyAre() throws {
        let documents = try TestMaterial().documents()
        let config = try JSON.parse(documents.trustConfig)
        #expect(config["mediaType"]?.string == "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json")
        #expect(shape(try #require(config["trustedRoot"])) == shape(try JSON.parse(documents.trustedRoot)))
        #expect(shape(try #require(config["signingConfig"])) == shape(try JSON.parse(documents.signingConfig)))
        #expect(config.members?.count == 3)
    }

    @Test func logIsNamedByTheHashOfItsKey() throws {
        let material = try TestMaterial()
        let root = try JSON.parse(material.documents().trustedRoot)
        for name in ["tlogs", "ctlogs"] {
            let log = try #require(root[name]?.elements?.first)
            #expect(log["logId"]?["keyId"]?.string == Base64.encode(material.logKey.sha256.bytes))
            #expect(log["publicKey"]?["rawBytes"]?.string == Base64.encode(material.logKey.subjectPublicKeyInfo))
            #expect(log["publicKey"]?["keyDetails"]?.string == "PKIX_ECDSA_P256_SHA_256")
        }
    }

    @Test func chainIsWholeAndNamedAfterItsRoot() throws {
        let material = try TestMaterial()
        let root = try JSON.parse(material.documents().trustedRoot)
        let authority = try #require(root["certificateAuthorities"]?.elements?.first)
        #expect(authority["subject"]?["organization"]?.string == "Example")
        #expect(authority["subject"]?["commonName"]?.string == "Root")
        #expect(
            authority["certChain"]?["certificates"]?.elements?.map { $0["rawBytes"]?.string }
                == material.authority.chain.certificates.map { Base64.encode($0.der) }
        )
    }

    @Test func whatIsRetiredHasAnEnd() throws {
        let material = try TestMaterial()
        let documents = try material.documents(endSeconds: TestMaterial.now - 1)
        let authority = try #require(JSON.parse(documents.trustedRoot)["certificateAuthorities"]?.elements?.first)
        #expect(authority["validFor"]?["end"]?.string == RFC3339.text(seconds: TestMaterial.now - 1))
        #expect(documents.legacy.first { $0.name == "fulcio_v1.crt.pem" }?.legacy?.isExpired == true)
        #expect(documents.legacy.first { $0.name == "ctfe.pub" }?.legacy?.isExpired == false)
    }

    @Test func keysThatClientsHaveNoNameForAreRefused() throws {
        let url = try ServiceURL("https://a")
        let key = try SigningKey.generate(.ed25519).publicKey
        let log = TrustedLog(url: url, key: key, window: ValidityWindow(startSeconds: 0))
        let material = TrustMaterial(
            certificateAuthorities: [],
            certificateLogs: [log],
            recordLogs: [],
            timestampAuthorities: []
        )
        #expect(throws: TrustRootError.keyUnsupported(.ed25519)) { try material.trustedRoot() }
    }

    @Test func pemFilesHaveTheNamesOfSigstoresOwnRepository() throws {
        let names = try TestMaterial().documents().legacy.map(\.name)
        #expect(
            names == [
                "ctfe.pub", "rekor.pub", "fulcio_v1.crt.pem", "fulcio_intermediate_v1.crt.pem", "tsa_leaf.crt.pem",
                "tsa_root.crt.pem",
            ]
        )
    }
}
