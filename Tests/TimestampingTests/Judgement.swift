import COpenSSL
import Certificates
import Keys

/// What OpenSSL says of an answer: its own verification of RFC 3161, which shares no code with the signing here.
enum Judgement {
    /// Whether `openssl ts -verify` would accept the answer to this request.
    static func accepts(_ answer: [UInt8], to request: [UInt8], chain: CertificateChain, at seconds: Int64) -> Bool {
        guard let response = OpenSSL.object(in: answer, free: TS_RESP_free, { d2i_TS_RESP(nil, $0, $1) }),
            let asked = OpenSSL.object(in: request, free: TS_REQ_free, { d2i_TS_REQ(nil, $0, $1) }),
            let context = TS_REQ_to_TS_VERIFY_CTX(asked, nil), let store = X509_STORE_new()
        else { return false }
        defer {
            TS_RESP_free(response)
            TS_REQ_free(asked)
            TS_VERIFY_CTX_free(context)
            ERR_clear_error()
        }
        let handles = chain.certificates.compactMap { certificate in
            OpenSSL.object(in: certificate.der, free: X509_free) { d2i_X509(nil, $0, $1) }
        }
        guard let root = handles.last, let leaf = handles.first, let untrusted = OPENSSL_sk_new_null() else {
            return false
        }
        X509_STORE_add_cert(store, root)
        X509_free(root)
        X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store), Int(seconds))
        // The context owns store and certificates from here on.
        OPENSSL_sk_push(untrusted, UnsafeRawPointer(leaf))
        _ = TS_VERIFY_CTX_set_store(context, store)
        _ = TS_VERIFY_CTX_set_certs(context, untrusted)
        TS_VERIFY_CTX_add_flags(context, Int32(TS_VFY_SIGNATURE))
        return TS_RESP_verify_response(context, response) == 1
    }

    /// What stands in an answer.
    struct Answer: Equatable {
        var status = 0
        var failureBits: [Int] = []
        var policy: String?
        var seconds: Int64?
        var accuracySeconds: Int?
        var isOrdered = false
        var serialBits = 0
        var hasNonce = false
        var certificates = 0
        var imprint: [UInt8] = []

        init?(_ der: [UInt8]) {
            guard let response = OpenSSL.object(in: der, free: TS_RESP_free, { d2i_TS_RESP(nil, $0, $1) }) else {
                return nil
            }
            defer { TS_RESP_free(response) }
            let info = TS_RESP_get_status_info(response)
            status = ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(info))
            if let bits = TS_STATUS_INFO_get0_failure_info(info) {
                failureBits = (0..<32).filter { ASN1_BIT_STRING_get_bit(bits, Int32($0)) == 1 }
            }
            guard let token = TS_RESP_get_token(response), let stamp = TS_RESP_get_tst_info(response) else { return }
            policy = Self.dotted(TS_TST_INFO_get_policy_id(stamp))
            seconds = Self.seconds(TS_TST_INFO_get_time(stamp))
            accuracySeconds = TS_TST_INFO_get_accuracy(stamp).map { ASN1_INTEGER_get(TS_ACCURACY_get_seconds($0)) }
            isOrdered = TS_TST_INFO_get_ordering(stamp) != 0
            hasNonce = TS_TST_INFO_get_nonce(stamp) != nil
            let serial = ASN1_INTEGER_to_BN(TS_TST_INFO_get_serial(stamp), nil)
            serialBits = Int(BN_num_bits(serial))
            if BN_is_negative(serial) == 1 { serialBits = -1 }
            BN_free(serial)
            certificates = Int(max(0, OPENSSL_sk_num(token.pointee.d.sign.pointee.cert)))
            if let text = TS_MSG_IMPRINT_get_msg(TS_TST_INFO_get_msg_imprint(stamp)) {
                imprint = Array(UnsafeBufferPointer(start: text.pointee.data, count: Int(text.pointee.length)))
            }
        }

        private static func dotted(_ object: OpaquePointer?) -> String {
            var text = [CChar](repeating: 0, count: 128)
            OBJ_obj2txt(&text, 128, object, 1)
            return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }

        private static func seconds(_ time: UnsafePointer<ASN1_GENERALIZEDTIME>?) -> Int64? {
            let epoch = ASN1_TIME_set(nil, 0)
            defer { ASN1_TIME_free(epoch) }
            var days: Int32 = 0
            var seconds: Int32 = 0
            guard ASN1_TIME_diff(&days, &seconds, epoch, time) == 1 else { return nil }
            return Int64(days) * 86_400 + Int64(seconds)
        }
    }
}
