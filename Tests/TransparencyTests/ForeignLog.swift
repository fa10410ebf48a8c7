import Keys
import TestKit
import Transparency
import Wire

/// Timestamps and a checkpoint that another implementation signed (Python's `cryptography`), by keys it made for that.
enum ForeignLog {
    /// SubjectPublicKeyInfo, P-256.
    static let keyBase64 =
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAELSql7/wYI+NGWJKDjA0Nwa0zNpHWtFs5oPBxFuCEbgnnQdhp5+Q8/9lv7EJ7"
        + "G9xbgDArcsLBPP0OukbjK8m16w=="

    /// SubjectPublicKeyInfo, RSA with 2048 bits.
    static let rsaKeyBase64 =
        "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAz3LoyN+LpjAljQJt/YpWshAlGBJYhqXX8cH0krlTLE0q/7Fos5o5"
        + "4BZ0dfAqA6TrEb6r/FNlDoUB41IgqneVoaF1zHZQfZC9dweSAd7YpbYRiboD5Hz7uwXn77MVF/7G8taUKBBUHEdkHc8FC1rX"
        + "vtjudDt64dMM8MXgOOc0es4qP18VCadRKmll6USqPJhpVrrTG77FcKEJQmHGTwYItWJNlo9+WnaNukqZmLMz13Zu01ivG9kM"
        + "8OG69hftSvZwNdiRLE62rrXbal6Oav4efNXqAGFx+2ezUW9j2olmJV0bkLXL0ZInju9EpEvmOvRVarv4EIZqrzpXiWaX3Y9U"
        + "8QIDAQAB"

    /// SubjectPublicKeyInfo, P-384.
    static let p384KeyBase64 =
        "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEdMmj/kXZblIItz6Ce8A+Fc1n531NFe0Ds2tOLQ5wuNygkHE8n8e1UPcp89FNgpyp"
        + "9A6aMRItjF8OlTVAwsncN+jRke2TuUngE90kw91uIpFDKly3Gix/AKr4JOYRxrFV"

    static let timestamp = EntryTimestamp(milliseconds: 1_795_500_000_123)
    static let index = LeafIndex(7)
    /// SHA-256 of "issuer".
    static let issuerKeyHash = SHA256Digest(hashing: Array("issuer".utf8))
    static let tbsCertificate = bytes("3003020101")
    static let entry = CertificateEntry.precertificate(issuerKeyHash: issuerKeyHash, tbsCertificate: tbsCertificate)

    /// The MerkleTreeLeaf of the entry.
    static let leafHex =
        "0000000001a20c23c37b0001535c6f8eb511f5d966a1b0725df92ebf27514faba945cbbd698e23ac72c4175700000530"
        + "0302010100080000050000000007"

    static let leafHash = "a0dbaa4e1edce4ff0bdeda0ee5c5149dd742c4ce20ee2d0bf841f37a37201968"

    /// The timestamp by the P-256 key.
    static let timestampHex =
        "004a092c0ef076b668b67e247f03f63c92699aa15bd20561b45d776f41f81bf545000001a20c23c37b00080000050000"
        + "000007040300483046022100d6a2db3b45fb47853b85df4f8c1e789c01f0df7331f5b1f4ce3a3640b23c3863022100b3"
        + "28203ede244ce7d7be7686a8b011f7533755ee4b4baddd3aa121dd81f69547"

    /// The timestamp by the RSA key.
    static let rsaTimestampHex =
        "00dc8fbde56fd8b315cda9700d7db5d796cfb965441003bc4b2ea63dd12891dd97000001a20c23c37b00080000050000"
        + "000007040101000887f46f5d4434064dda64b9887699969b70864f30b28de5eb4f611e3fa7bb2500fc2d1311f9ed1e9e"
        + "25140bf77769149f21b42fa25e2ffaeb74ca45a08f4f83b7477a403772243c473373362bdff77a87086d4f78969a01f9"
        + "44065e080091c6a393cb2e6062c35165079599388b01437e449c94a6faf25f1c5b846f6bcf58188debd2539770ff4717"
        + "1c880101a4161095e82d1647b575d52fb3d899c98655ad0019cb602ecdf8c89fbd7d98ecfa172f82b42e897327370acf"
        + "64141335ce1106d7388a3c3c2ec3b1b3935a49e5bfa878909dc78a21310f01c7c7bebad06a0e6ec011f55c170df329ac"
        + "773da6dffdba35e86d8c55baa8c8aceb55d1da78c65bb3"

    /// The checkpoint by the P-256 key: type 0x05, key ID 95549c19.
    static let checkpoint = """
        log.example.com/2026
        70000
        SBNJTRN+FjG7owHVrKtue7eqdM4RhdRWVl71HXN2d7I=

        — log.example.com/2026 lVScGQAAAaIMI8N7BAMARzBFAiBWFOwN1NZgA3KJ+1ZAV305sLcD46BdqZP00iF0aQGwDAIhAIBHObt05YVaT6\
        LzF6e1pD+LdVhs4BrdwB7Ou7mx82ko

        """

    static func key(_ base64: String = keyBase64) throws -> PublicKey {
        try PublicKey(subjectPublicKeyInfo: try Base64.decode(base64))
    }
}
