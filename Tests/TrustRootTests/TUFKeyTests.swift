import Keys
import Testing
import TrustRoot

@Suite("TUF 1.0 §4.2: key ids")
struct TUFKeyTests {
    /// A key of a repository that python-tuf and go-tuf were seen to take, with the id that it has there.
    @Test func idIsTheHashOfTheCanonicalKeyWithItsNewlinesAsTheyAre() throws {
        let pem = """
            -----BEGIN PUBLIC KEY-----
            MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE8hk+3ymfSy38+yUsWKVRLHwBtam0
            YxHGK5u7/xib2oUj7bnOqZ06x6OzyjvUO4QZ98jBObrpc4Wy/4El28viEQ==
            -----END PUBLIC KEY-----

            """
        let key = try TUFKey(PublicKey(pem: Array(pem.utf8)))
        #expect(key.id == "645a0126585a883976c7124df3eb27ebaaca43bcbdb621510078eb79919b90f5")
    }
}
