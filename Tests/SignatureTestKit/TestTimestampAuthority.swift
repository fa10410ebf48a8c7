import COpenSSL
package import Certificates
package import Keys

/// A timestamp authority made with OpenSSL alone, which errs as it is told.
package struct TestTimestampAuthority: Sendable {
    /// What may be wrong with its certificate and its answers.
    package struct Options: Sendable {
        /// As OpenSSL's configuration files write it; nil for no such extension.
        package var extendedKeyUsage: String? = "critical,timeStamping"
        /// The first and the last second of the signer's certificate.
        package var notBefore: Int64
        /// See ``notBefore``.
        package var notAfter: Int64
        /// Whether the signer's certificate comes with the token.
        package var isCertificateIncluded = false

        /// A certificate of a day on both sides of a moment.
        package init(around seconds: Int64) {
            notBefore = seconds - 86_400
            notAfter = seconds + 86_400
        }
    }

    /// The signer's certificate, then the root's.
    package let chain: CertificateChain
    /// The signer's key.
    package let key: SigningKey
    private let options: Options

    /// Makes keys and certificates.
    package init(_ options: Options, key algorithm: KeyAlgorithm = .p256) throws {
        let rootKey = try SigningKey.generate(.p256)
        key = try SigningKey.generate(algorithm)
        self.options = options
        let root = try AuthorityCertificates.root(
            name: AuthorityName(country: nil, organization: "Example", commonName: "TSA Root"),
            key: rootKey,
            serial: .random(),
            notBeforeSeconds: options.notBefore - 86_400
        )
        let leaf = try Self.certificate(key: key.publicKey, issuer: root, issuerKey: rootKey, options)
        chain = try CertificateChain([leaf, root])
    }

    /// The chain without the signer.
    package var root: Certificate { chain.certificates[1] }

    /// The DER of a TimeStampResp of these bytes at a moment.
    package func timestamp(
        of message: [UInt8],
        atSeconds seconds: Int64,
        digest: DigestAlgorithm = .sha256
    ) throws -> [UInt8] {
        try answer(digest: digest.digest(message), by: digest, atSeconds: seconds)
    }

    /// The DER of a TimeStampResp of a digest at a moment.
    package func answer(digest: [UInt8], by algorithm: DigestAlgorithm, atSeconds seconds: Int64) throws -> [UInt8] {
        let request = try Self.request(digest, algorithm, certificates: options.isCertificateIncluded)
        let signer = try Handle(chain.issuing)
        let context = TS_RESP_CTX_new()
        defer { TS_RESP_CTX_free(context) }
        let policy = OBJ_txt2obj("1.3.6.1.4.1.57264.2", 1)
        defer { ASN1_OBJECT_free(policy) }
        var now = seconds
        let isReady = key.withHandle { key in
            TS_RESP_CTX_set_signer_cert(context, signer.pointer) == 1
                && TS_RESP_CTX_set_signer_key(context, key) == 1
                && TS_RESP_CTX_set_def_policy(context, policy) == 1
        }
        guard isReady, TS_RESP_CTX_set_signer_digest(context, EVP_sha256()) == 1,
            TS_RESP_CTX_set_ess_cert_id_digest(context, EVP_sha256()) == 1
        else { throw Failure.openSSL }
        for algorithm in DigestAlgorithm.allCases { TS_RESP_CTX_add_md(context, algorithm.handle) }
        // The serial number belongs to the response then.
        TS_RESP_CTX_set_serial_cb(
            context,
            { _, _ in
                let serial = ASN1_INTEGER_new()
                ASN1_INTEGER_set(serial, 7)
                return serial
            },
            nil
        )
        return try withUnsafeMutablePointer(to: &now) { now in
            TS_RESP_CTX_set_time_cb(
                context,
                { _, data, seconds, microseconds in
                    guard let data else { return 0 }
                    seconds?.pointee = Int(data.assumingMemoryBound(to: Int64.self).pointee)
                    microseconds?.pointee = 0
                    return 1
                },
                now
            )
            return try Self.response(context, request)
        }
    }

    private enum Failure: Error { case openSSL }
}

// MARK: OpenSSL

extension TestTimestampAuthority {
    /// Owns an `X509`.
    private final class Handle {
        let pointer: OpaquePointer

        init(_ certificate: Certificate) throws {
            let der = certificate.der
            guard let pointer = OpenSSL.object(in: der, free: X509_free, { d2i_X509(nil, $0, $1) }) else {
                throw Failure.openSSL
            }
            self.pointer = pointer
        }

        deinit { X509_free(pointer) }
    }

    private static func request(
        _ digest: [UInt8],
        _ algorithm: DigestAlgorithm,
        certificates: Bool
    ) throws -> [UInt8] {
        guard let request = TS_REQ_new(), let imprint = TS_MSG_IMPRINT_new(), let name = X509_ALGOR_new() else {
            throw Failure.openSSL
        }
        defer {
            TS_REQ_free(request)
            TS_MSG_IMPRINT_free(imprint)
            X509_ALGOR_free(name)
        }
        X509_ALGOR_set_md(name, algorithm.handle)
        var digest = digest
        guard TS_REQ_set_version(request, 1) == 1, TS_MSG_IMPRINT_set_algo(imprint, name) == 1,
            TS_MSG_IMPRINT_set_msg(imprint, &digest, Int32(digest.count)) == 1,
            TS_REQ_set_msg_imprint(request, imprint) == 1, TS_REQ_set_cert_req(request, certificates ? 1 : 0) == 1,
            let der = OpenSSL.bytes({ i2d_TS_REQ(request, $0) })
        else { throw Failure.openSSL }
        return der
    }

    private static func response(_ context: OpaquePointer?, _ request: [UInt8]) throws -> [UInt8] {
        guard let bio = BIO_new_mem_buf(request, Int32(request.count)) else { throw Failure.openSSL }
        defer { BIO_free(bio) }
        guard let response = TS_RESP_create_response(context, bio) else { throw Failure.openSSL }
        defer { TS_RESP_free(response) }
        guard let der = OpenSSL.bytes({ i2d_TS_RESP(response, $0) }) else { throw Failure.openSSL }
        return der
    }

    private static func certificate(
        key: PublicKey,
        issuer: Certificate,
        issuerKey: SigningKey,
        _ options: Options
    ) throws -> Certificate {
        let parent = try Handle(issuer)
        guard let certificate = X509_new(), let name = X509_NAME_new() else { throw Failure.openSSL }
        defer {
            X509_free(certificate)
            X509_NAME_free(name)
        }
        X509_set_version(certificate, 2)
        // Signers are found by issuer and serial number, and all authorities here have one name.
        ASN1_INTEGER_set(X509_get_serialNumber(certificate), Int.random(in: 1...1 << 40))
        ASN1_TIME_set(X509_getm_notBefore(certificate), Int(options.notBefore))
        ASN1_TIME_set(X509_getm_notAfter(certificate), Int(options.notAfter))
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, Array("TSA".utf8), -1, -1, 0)
        X509_set_subject_name(certificate, name)
        X509_set_issuer_name(certificate, X509_get_subject_name(parent.pointer))
        _ = key.withHandle { X509_set_pubkey(certificate, $0) }
        var extensions: [(Int32, String)] = [(NID_key_usage, "critical,digitalSignature")]
        if let usage = options.extendedKeyUsage { extensions.append((NID_ext_key_usage, usage)) }
        for (nid, value) in extensions {
            guard let one = X509V3_EXT_conf_nid(nil, nil, nid, value) else { throw Failure.openSSL }
            defer { X509_EXTENSION_free(one) }
            X509_add_ext(certificate, one, -1)
        }
        let size = issuerKey.withHandle { X509_sign(certificate, $0, EVP_sha256()) }
        guard size > 0, let der = OpenSSL.bytes({ i2d_X509(certificate, $0) }) else { throw Failure.openSSL }
        return try Certificate(der: der)
    }
}
