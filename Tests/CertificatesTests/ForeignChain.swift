/// A chain with an embedded timestamp that other software issued and cosign 3 accepted.
enum ForeignChain {
    /// Leaf, intermediate and root.
    static let pem = """
        -----BEGIN CERTIFICATE-----
        MIICxzCCAk2gAwIBAgIUKlUGP1eeXF/MxhzNA7aUuoJQpbkwCgYIKoZIzj0EAwMw
        NzEZMBcGA1UECgwQZXhhbXBsZS5pbnRlcm5hbDEaMBgGA1UEAwwRaW50ZXJtZWRp
        YXRlIHAzODQwHhcNMjYxMTIzMjIyMzIxWhcNMjYxMTIzMjIzMzIxWjAAMFkwEwYH
        KoZIzj0CAQYIKoZIzj0DAQcDQgAEE5eEvxoXXjKhMP1NiiNqPv19kMQuIOzFftke
        aTXJPGnwP2YVwaq66c29vsAo/F+msRZ+gJWg/iJQ5b+w3P2MdaOCAWwwggFoMA4G
        A1UdDwEB/wQEAwIHgDATBgNVHSUEDDAKBggrBgEFBQcDAzAdBgNVHQ4EFgQUGgUL
        cgL4OxD7727GTBVS1pSq2EYwHwYDVR0jBBgwFoAUeDE5JRawPclKgrP5j3wv92jF
        QegwHwYDVR0RAQH/BBUwE4ERYWxpY2VAZXhhbXBsZS5jb20wKAYKKwYBBAGDvzAB
        AQQaaHR0cDovLzEyNy4wLjAuMTo4NzUwL29pZGMwKgYKKwYBBAGDvzABCAQcDBpo
        dHRwOi8vMTI3LjAuMC4xOjg3NTAvb2lkYzCBiQYKKwYBBAHWeQIEAgR7BHkAdwB1
        AFUl+dWadfDYcuMudP2w7BBWeOYg//mTWd2xZVfHg4t/AAABogqBso0AAAQDAEYw
        RAIgHsBv1W9Rb4lDrODhHCmJhwI/Cuay0NFyIFvNYr350/sCIGIYt0d1TQPf9Udm
        vocVSEbiVB69Vc2FXI7TVtQ+FQ9HMAoGCCqGSM49BAMDA2gAMGUCMQCMrEhasLKr
        r2cgVMqkYOTQhyaEJde0et43/thm41k3oBgyd7gEVXXoLAhqJLojwMYCMB60Sgcu
        /hLieuDDHtmcS1ZIlm/35HOkSybIJtnLdVas+AGeijvw2lzHq6NuT3XdLw==
        -----END CERTIFICATE-----
        -----BEGIN CERTIFICATE-----
        MIICIDCCAaagAwIBAgIUUn3OzLvMxU0QJEIoNvU3OBYP68cwCgYIKoZIzj0EAwMw
        LzEZMBcGA1UECgwQZXhhbXBsZS5pbnRlcm5hbDESMBAGA1UEAwwJcm9vdCBwMzg0
        MB4XDTI2MTEyMjIwNTUxM1oXDTI5MDgxOTIwNTUxM1owNzEZMBcGA1UECgwQZXhh
        bXBsZS5pbnRlcm5hbDEaMBgGA1UEAwwRaW50ZXJtZWRpYXRlIHAzODQwdjAQBgcq
        hkjOPQIBBgUrgQQAIgNiAAQbb0rhPyi48xpDgprMcP/C0mdracaAI72y6NLrJgMB
        jRww/62ztDcoPZW/QvBzkiuBxvwQLM+VFR01JHJNE5Q51wTSRibWK/8Hjj96+60P
        7aH9BteUUVJa93XL/kv/MXGjezB5MBIGA1UdEwEB/wQIMAYBAf8CAQAwDgYDVR0P
        AQH/BAQDAgEGMB0GA1UdDgQWBBR4MTklFrA9yUqCs/mPfC/3aMVB6DAfBgNVHSME
        GDAWgBSG1XpwjFwKeSNIOGL9XpsSK5e7PTATBgNVHSUEDDAKBggrBgEFBQcDAzAK
        BggqhkjOPQQDAwNoADBlAjEA95OOTpjb3tvkSfhy5lNTO6gg1nu87nGIVCBb6oQw
        0VRZo8r/LTujc20d/j6NXv3OAjB+iMjdz8H/W351nUSQEFSB7tcx1oN0f7WWdzHg
        SVxpwJPK280BH6AavTfdNgDPJ8o=
        -----END CERTIFICATE-----
        -----BEGIN CERTIFICATE-----
        MIIB3zCCAWWgAwIBAgIUWFaNkoeOnmkqTyvsD95ArItpd0YwCgYIKoZIzj0EAwMw
        LzEZMBcGA1UECgwQZXhhbXBsZS5pbnRlcm5hbDESMBAGA1UEAwwJcm9vdCBwMzg0
        MB4XDTI2MTEyMjIwNTUxM1oXDTM2MTEyMDIwNTUxM1owLzEZMBcGA1UECgwQZXhh
        bXBsZS5pbnRlcm5hbDESMBAGA1UEAwwJcm9vdCBwMzg0MHYwEAYHKoZIzj0CAQYF
        K4EEACIDYgAEwWWn5PLIj/GfIP+rO2CwjLIwk0TJSrvkvMEAYw+v7c1+N5WNpRPK
        xZdYCib9aPftnmuRRgHRlBV54u6kIchtNXj1Sjp5RTDybbo1quAoQkfXIvFF6P9U
        mXdt1uwS32//o0IwQDAPBgNVHRMBAf8EBTADAQH/MA4GA1UdDwEB/wQEAwIBBjAd
        BgNVHQ4EFgQUhtV6cIxcCnkjSDhi/V6bEiuXuz0wCgYIKoZIzj0EAwMDaAAwZQIw
        ZuoMJ3QsI33WjRzl7LzOtBoCwlCj6lEx8dGRO48mLCAeEieIRpO8XG8FJ2IxNS9c
        AjEAq6QH5qp4ZeaWraWOpjT4zMb22h3hrgXQVv4lFfuoKdQR3nM1480x/GnxUUMX
        x4Z+
        -----END CERTIFICATE-----

        """

    /// SHA-256 of what the timestamp covers, as Python's `cryptography` says it (`tbs_precertificate_bytes`).
    static let precertificateTBSHash = "2897fbd938801decf521d6763c9e25f517f79ae7378c30e1d4dd2f661610f60f"

    /// The SubjectPublicKeyInfo of the log that made the timestamp, in base64.
    static let logKey =
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEw1XmjNaUSTKtxxEgJuCaR0gcpDQy/yPb+JKIsKVZ0KTjjNYdAZIBKNKakGrtIeI+GDtgR3rgEQep"
        + "7KGmWSKVEg=="

    /// A moment at which all three are valid, since 1970.
    static let seconds: Int64 = 1795472601
}
