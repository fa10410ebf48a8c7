import COpenSSL
import Certificates
import Keys
import Wire

/// An RFC 3161 timestamp, read and verified by OpenSSL. Reading says nothing of whom it is by.
///
/// ```
/// TimeStampResp ::= SEQUENCE { status PKIStatusInfo, timeStampToken ContentInfo OPTIONAL }     RFC 3161 §2.4.2
/// TSTInfo ::= SEQUENCE { version, policy, messageImprint, serialNumber, genTime, accuracy, ordering, nonce, tsa, … }
/// ```
struct TimestampToken {
    /// `genTime`, in milliseconds since 1970; what is finer is cut off.
    let milliseconds: Int64

    private let message: Message
    private let digest: DigestAlgorithm
    private let imprint: [UInt8]

    /// Reads a TimeStampResp, or the token alone. Throws `.malformed`, `.notGranted` and `.digestUnsupported`.
    init(_ bytes: [UInt8]) throws(TimeProblem) {
        message = try Message(bytes)
        // Checks that the content is of the type TSTInfo; the result is the caller's.
        guard let info = PKCS7_to_TS_TST_INFO(message.token) else {
            ERR_clear_error()
            throw .malformed
        }
        defer { TS_TST_INFO_free(info) }
        let wanted = TS_TST_INFO_get_msg_imprint(info)
        guard TS_TST_INFO_get_version(info) == 1, let octets = TS_MSG_IMPRINT_get_msg(wanted),
            let milliseconds = Self.milliseconds(TS_TST_INFO_get_time(info))
        else { throw .malformed }
        digest = try Self.digest(TS_MSG_IMPRINT_get_algo(wanted))
        imprint = Self.octets(octets)
        self.milliseconds = milliseconds
    }

    /// Returns when it is of these bytes. Throws `.imprintMismatch`.
    func checkImprint(of message: [UInt8]) throws(TimeProblem) {
        guard digest.digest(message) == imprint else { throw .imprintMismatch }
    }

    /// Returns when this authority made it, and was in use then: signed by a certificate with the sole and critical
    /// extended key usage timeStamping, whose path to the authority's last certificate is valid at that moment.
    ///
    /// Throws `.authorityUnknown` when the signer's path doesn't lead there, `.signatureInvalid` when it does and the signature
    /// is wrong, and `.signerMismatch`, `.outsideWindow` and `.anchorMissing`.
    func verify(_ authority: TrustedAuthority) throws(TimeProblem) {
        let certificates = authority.chain.certificates
        guard let anchor = certificates.last, anchor.isCA else { throw .anchorMissing(uri: authority.uri) }
        let others = try CertificateStack(Array(certificates.dropLast()))
        let seconds = SignatureTime(source: .authority, uri: authority.uri, milliseconds: milliseconds).seconds
        let signer: [UInt8]
        do {
            signer = try verify(anchor: anchor, others: others, seconds: seconds)
        } catch .signatureInvalid {
            throw .signatureInvalid(uri: authority.uri)
        } catch {
            // To OpenSSL a certificate's last second is no longer valid, against RFC 5280 §4.1.2.5. What it takes for valid a
            // second earlier ends at this one or later.
            guard let earlier = try? verify(anchor: anchor, others: others, seconds: seconds - 1) else { throw error }
            signer = earlier
        }
        if let leaf = certificates.first, !leaf.isCA {
            guard signer == leaf.der else { throw .signerMismatch }
        }
        guard authority.window.contains(milliseconds: milliseconds) else { throw .outsideWindow(uri: authority.uri) }
    }

    /// The signer's certificate, in DER, once its path and the signature are verified.
    private func verify(
        anchor: Certificate,
        others: CertificateStack,
        seconds: Int64
    ) throws(TimeProblem) -> [UInt8] {
        let store = try TimestampStore(anchor: anchor, seconds: seconds)
        defer { withExtendedLifetime((others, store, message)) {} }
        var signer: OpaquePointer?
        // Finds the signer's certificate among those given and those in the token, validates its path for the purpose of
        // timestamps, checks the ESSCertID in the signed attributes against it, and last the signature.
        let code = TS_RESP_verify_signature(message.token, others.pointer, store.pointer, &signer)
        defer { X509_free(signer) }
        guard code == 1, let der = OpenSSL.bytes({ i2d_X509(signer, $0) }) else {
            let reason = ERR_GET_REASON(ERR_peek_last_error())
            let isStranger =
                switch ERR_GET_LIB(ERR_peek_last_error()) {
                case ERR_LIB_TS: reason == TS_R_CERTIFICATE_VERIFY_ERROR
                case ERR_LIB_PKCS7: reason == PKCS7_R_SIGNER_CERTIFICATE_NOT_FOUND
                default: false
                }
            let reasons = OpenSSL.drainErrors().joined(separator: ", ")
            throw isStranger ? .authorityUnknown(reason: reasons) : .signatureInvalid(uri: "")
        }
        return der
    }
}

// MARK: Reading

extension TimestampToken {
    /// Owns the response, or the token when that is all there is.
    private final class Message {
        let token: UnsafeMutablePointer<PKCS7>
        private let response: OpaquePointer?

        init(_ bytes: [UInt8]) throws(TimeProblem) {
            guard let response = OpenSSL.object(in: bytes, free: TS_RESP_free, { d2i_TS_RESP(nil, $0, $1) }) else {
                let object = OpenSSL.object(in: bytes, free: { PKCS7_free($0.map { UnsafeMutablePointer($0) }) }) {
                    d2i_PKCS7(nil, $0, $1).map { OpaquePointer($0) }
                }
                guard let object else { throw .malformed }
                token = UnsafeMutablePointer(object)
                self.response = nil
                return
            }
            let status = ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(TS_RESP_get_status_info(response)))
            // granted(0) and grantedWithMods(1): RFC 3161 §2.4.2. The token belongs to the response.
            let inside = status == 0 || status == 1 ? TS_RESP_get_token(response) : nil
            guard let inside else {
                TS_RESP_free(response)
                if status == 0 || status == 1 { throw .malformed }
                throw .notGranted(status: status)
            }
            token = inside
            self.response = response
        }

        deinit {
            if let response { TS_RESP_free(response) } else { PKCS7_free(token) }
        }
    }

    private static func digest(_ algorithm: UnsafeMutablePointer<X509_ALGOR>?) throws(TimeProblem) -> DigestAlgorithm {
        switch algorithm.map({ OBJ_obj2nid($0.pointee.algorithm) }) {
        case NID_sha256: return .sha256
        case NID_sha384: return .sha384
        case NID_sha512: return .sha512
        default: throw .digestUnsupported
        }
    }

    private static func octets(_ string: UnsafePointer<ASN1_STRING>) -> [UInt8] {
        Array(UnsafeBufferPointer(start: ASN1_STRING_get0_data(string), count: Int(ASN1_STRING_length(string))))
    }

    /// A GeneralizedTime as RFC 3161 §2.4.2 wants it: `YYYYMMDDhhmmss[.s...]Z`; nil for others, and before 1970.
    private static func milliseconds(_ time: UnsafePointer<ASN1_STRING>?) -> Int64? {
        guard let time, let text = String(validating: octets(time), as: UTF8.self),
            let match = text.wholeMatch(of: /(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d{1,9})?Z/)
        else { return nil }
        return RFC3339.milliseconds(
            "\(match.1)-\(match.2)-\(match.3)T\(match.4):\(match.5):\(match.6)\(match.7 ?? "")Z"
        )
    }
}
