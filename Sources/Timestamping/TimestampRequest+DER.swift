import COpenSSL
import Keys

extension TimestampRequest {
    /// The most bytes of a request: a hundred times what clients send.
    public static let bytesMax = 4096

    /// Reads what clients send as `application/timestamp-query` (RFC 3161 §2.4.1).
    ///
    /// Throws ``TimestampingError/unparsable``, and ``TimestampingError/refused(_:)`` for a request that can be read and
    /// gets no timestamp.
    public init(der: [UInt8]) throws(TimestampingError) {
        guard der.count <= Self.bytesMax else { throw .unparsable }
        let (read, hasTrailingBytes) = Self.read(der)
        guard let request = read else { throw .unparsable }
        defer { TS_REQ_free(request) }
        guard TS_REQ_get_version(request) == 1 else { throw .refused(.badRequest) }
        let (digest, hasNullParameter) = try Self.digest(request)
        guard TS_REQ_get_ext_count(request) <= 0 else { throw .refused(.unacceptedExtension) }
        guard !hasTrailingBytes else { throw .refused(.badDataFormat) }
        guard let imprint = TS_REQ_get_msg_imprint(request), let message = TS_MSG_IMPRINT_get_msg(imprint) else {
            throw .unparsable
        }
        var policy: TimestampPolicy?
        if let object = TS_REQ_get_policy_id(request) {
            policy = TimestampPolicy(object)
            guard policy != nil else { throw .refused(.unacceptedPolicy) }
        }
        try self.init(
            digest: digest,
            imprint: Array(
                UnsafeBufferPointer(start: ASN1_STRING_get0_data(message), count: Int(ASN1_STRING_length(message)))
            ),
            hasNullParameter: hasNullParameter,
            policy: policy,
            nonce: try TS_REQ_get_nonce(request).map { nonce throws(TimestampingError) in
                try TimestampNonce(nonce)
            },
            wantsCertificates: TS_REQ_get_cert_req(request) != 0
        )
    }

    /// The DER of the request, for clients. Throws ``TimestampingError/openSSL(operation:reasons:)``.
    public var der: [UInt8] {
        get throws(TimestampingError) {
            guard let request = TS_REQ_new() else { throw .failure("make a request") }
            defer { TS_REQ_free(request) }
            try require(TS_REQ_set_version(request, 1), "make a request")
            try withImprint { imprint throws(TimestampingError) in
                try require(TS_REQ_set_msg_imprint(request, imprint), "make a request")
            }
            if let policy {
                try policy.withObject { policy throws(TimestampingError) in
                    try require(TS_REQ_set_policy_id(request, policy), "make a request")
                }
            }
            if let nonce {
                try nonce.withInteger { nonce throws(TimestampingError) in
                    try require(TS_REQ_set_nonce(request, nonce), "make a request")
                }
            }
            try require(TS_REQ_set_cert_req(request, wantsCertificates ? 1 : 0), "make a request")
            guard let der = OpenSSL.bytes({ i2d_TS_REQ(request, $0) }) else { throw .failure("encode a request") }
            return der
        }
    }

    /// Lends the MessageImprint to OpenSSL.
    func withImprint<R>(_ body: (OpaquePointer) throws(TimestampingError) -> R) throws(TimestampingError) -> R {
        guard let imprint = TS_MSG_IMPRINT_new() else { throw .failure("make an imprint") }
        defer { TS_MSG_IMPRINT_free(imprint) }
        guard let algorithm = X509_ALGOR_new() else { throw .failure("make an imprint") }
        defer { X509_ALGOR_free(algorithm) }
        let parameter = hasNullParameter ? V_ASN1_NULL : V_ASN1_UNDEF
        try require(X509_ALGOR_set0(algorithm, OBJ_nid2obj(digest.nid), parameter, nil), "make an imprint")
        // Both calls copy.
        try require(TS_MSG_IMPRINT_set_algo(imprint, algorithm), "make an imprint")
        var message = self.imprint
        try require(TS_MSG_IMPRINT_set_msg(imprint, &message, Int32(message.count)), "make an imprint")
        return try body(imprint)
    }

    /// The caller's to free.
    private static func read(_ der: [UInt8]) -> (request: OpaquePointer?, hasTrailingBytes: Bool) {
        der.withUnsafeBufferPointer { buffer in
            var position = buffer.baseAddress
            // "*ppin is incremented to the byte following the parsed data": d2i_X509(3).
            guard let request = d2i_TS_REQ(nil, &position, buffer.count) else {
                ERR_clear_error()
                return (nil, false)
            }
            return (request, position != buffer.baseAddress.map { $0 + buffer.count })
        }
    }

    private static func digest(
        _ request: OpaquePointer
    ) throws(TimestampingError) -> (DigestAlgorithm, hasNullParameter: Bool) {
        guard let imprint = TS_REQ_get_msg_imprint(request), let algorithm = TS_MSG_IMPRINT_get_algo(imprint) else {
            throw .unparsable
        }
        var object: OpaquePointer?
        var parameter: Int32 = 0
        X509_ALGOR_get0(&object, &parameter, nil, algorithm)
        let nid = OBJ_obj2nid(object)
        guard let digest = [DigestAlgorithm.sha256, .sha384, .sha512].first(where: { $0.nid == nid }),
            parameter == V_ASN1_NULL || parameter == V_ASN1_UNDEF
        else { throw .refused(.badAlg) }
        return (digest, parameter == V_ASN1_NULL)
    }
}

extension DigestAlgorithm {
    /// OpenSSL's number.
    fileprivate var nid: Int32 {
        switch self {
        case .sha256: NID_sha256
        case .sha384: NID_sha384
        case .sha512: NID_sha512
        }
    }
}
