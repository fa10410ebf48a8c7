/// Chains that the room below would not make, from `openssl req -x509` and `openssl x509 -req`, valid for 100 years.
enum WeakChain {
    /// A root with an RSA key of 1024 bits.
    static let rsa1024 = """
        -----BEGIN CERTIFICATE-----
        MIICDzCCAXigAwIBAgIUfkkpDFHvO1VNp5eTojiH2MLXLqYwDQYJKoZIhvcNAQEL
        BQAwITEQMA4GA1UECgwHRXhhbXBsZTENMAsGA1UEAwwEV2VhazAgFw0yNjExMjQw
        OTE3NTNaGA8yMTI2MTAzMTA5MTc1M1owITEQMA4GA1UECgwHRXhhbXBsZTENMAsG
        A1UEAwwEV2VhazCBnzANBgkqhkiG9w0BAQEFAAOBjQAwgYkCgYEAsB49/NcQCCde
        +OdrMa7KjD8p0bD829kyuRHP95Bov+f43eeOpD4gvHeNp2vaNiojSg7cGd9jDlq1
        qQjqz5e+lBZcgFpWKldhl8+OpTMFC3Svqh85Dkka4LFTln0/uMjoYqD3xCgRYtQw
        KOp00KxbbJkQqWmXz6Coa3vML28MRqkCAwEAAaNCMEAwDwYDVR0TAQH/BAUwAwEB
        /zAOBgNVHQ8BAf8EBAMCAQYwHQYDVR0OBBYEFFEXZOofznG/KphHc7Vktj2sgbmV
        MA0GCSqGSIb3DQEBCwUAA4GBACCcNM0BcYdD8lm9ONCOGoqMa+JSoFnV+xOVqHbC
        x74K1ZxBiaMvHT0zu3D+po6Y+jQyuXSe5h9Of+7j0zaFPgcnVCppygbnrtURlaIY
        fLiqjqKGSe1jf+udAiJkC1fD1SCdZimSpzgidOjN6kYp5hUzCNFk2hdVISqnfpzG
        XDYH
        -----END CERTIFICATE-----

        """

    /// An intermediate that its root signed with ecdsa-with-SHA1, and the root.
    static let sha1 = """
        -----BEGIN CERTIFICATE-----
        MIIB1TCCAXugAwIBAgIUB+k+HX96yoHRQfgYnvJuBF/QyxAwCQYHKoZIzj0EATAo
        MRAwDgYDVQQKDAdFeGFtcGxlMRQwEgYDVQQDDAtTdHJvbmcgcm9vdDAgFw0yNjEx
        MjQwOTE3NTNaGA8yMTI2MTAzMTA5MTc1M1owMjEQMA4GA1UECgwHRXhhbXBsZTEe
        MBwGA1UEAwwVSW50ZXJtZWRpYXRlIGJ5IFNIQS0xMFkwEwYHKoZIzj0CAQYIKoZI
        zj0DAQcDQgAE/WZBqDvSzes1VC77omDc6cNMcbdcyUyyokdOOH3woNNxAEb0n/wH
        BH7uxtw6ET+rbUuPInTg7Wr9ew3g4Hspt6N4MHYwDwYDVR0TAQH/BAUwAwEB/zAO
        BgNVHQ8BAf8EBAMCAQYwEwYDVR0lBAwwCgYIKwYBBQUHAwMwHQYDVR0OBBYEFM2G
        RJPJq5ADKBnxnvRahaxw8FMnMB8GA1UdIwQYMBaAFKVuFf6laG82ug5bD7WDVLed
        Tm0OMAkGByqGSM49BAEDSQAwRgIhANCVti1w+Hm+Wb2VW5zMQh2IPBB8GP9EKE9J
        1ctQDfqPAiEAl4KHc40mp7qR5PJ5xGhVhoshaSDA4Ti2phJ0upxyQFE=
        -----END CERTIFICATE-----
        -----BEGIN CERTIFICATE-----
        MIIBlTCCATygAwIBAgIUJIr5TfhD0KQcklRJLR1mUdCUtxUwCgYIKoZIzj0EAwIw
        KDEQMA4GA1UECgwHRXhhbXBsZTEUMBIGA1UEAwwLU3Ryb25nIHJvb3QwIBcNMjYx
        MTI0MDkxNzUzWhgPMjEyNjEwMzEwOTE3NTNaMCgxEDAOBgNVBAoMB0V4YW1wbGUx
        FDASBgNVBAMMC1N0cm9uZyByb290MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
        XT+DaNwuatdkEAaDhiKbMIvU22A8p0jhL65MJkvJHcWyIGhRTiz6DF96qNAkqDGU
        hpGP3OoyjUjNE8KecMI9TqNCMEAwDwYDVR0TAQH/BAUwAwEB/zAOBgNVHQ8BAf8E
        BAMCAQYwHQYDVR0OBBYEFKVuFf6laG82ug5bD7WDVLedTm0OMAoGCCqGSM49BAMC
        A0cAMEQCICtwLo9HadABIb5y7RrdWat7du0RyBQL2413QimhpnRnAiA17kcofeiE
        Sf+AgRRPkYOSPT38+82Q+G7YPt5sH+gqnw==
        -----END CERTIFICATE-----

        """
}
