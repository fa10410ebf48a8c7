import COpenSSL
import Certificates
import Keys

/// What a timestamp says (RFC 3161 §2.4.2).
///
/// ```
/// TSTInfo ::= SEQUENCE {
///    version INTEGER { v1(1) }, policy TSAPolicyId, messageImprint MessageImprint, serialNumber INTEGER,
///    genTime GeneralizedTime, accuracy Accuracy OPTIONAL, ordering BOOLEAN DEFAULT FALSE, nonce INTEGER OPTIONAL,
///    tsa [0] GeneralName OPTIONAL, extensions [1] IMPLICIT Extensions OPTIONAL }
/// Accuracy ::= SEQUENCE { seconds INTEGER OPTIONAL, millis [0] INTEGER OPTIONAL, micros [1] INTEGER OPTIONAL }
/// ```
struct TimestampInfo: Sendable {
    /// The accuracy that is stated, in seconds: times are whole seconds.
    static let accuracySeconds = 1

    let request: TimestampRequest
    let policy: TimestampPolicy
    let serial: SerialNumber
    /// Since 1970.
    let seconds: Int64

    /// Without `tsa`, which no client reads: the SignerInfo names the authority. OpenSSL's setters copy.
    var der: [UInt8] {
        get throws(TimestampingError) {
            guard let info = TS_TST_INFO_new() else { throw .failure("make a timestamp") }
            defer { TS_TST_INFO_free(info) }
            try require(TS_TST_INFO_set_version(info, 1), "make a timestamp")
            try policy.withObject { policy throws(TimestampingError) in
                try require(TS_TST_INFO_set_policy_id(info, policy), "make a timestamp")
            }
            try request.withImprint { imprint throws(TimestampingError) in
                try require(TS_TST_INFO_set_msg_imprint(info, imprint), "make a timestamp")
            }
            try setNumbers(info)
            guard let time = ASN1_GENERALIZEDTIME_set(nil, Int(seconds)) else { throw .failure("make a time") }
            defer { ASN1_GENERALIZEDTIME_free(time) }
            try require(TS_TST_INFO_set_time(info, time), "make a timestamp")
            if let nonce = request.nonce {
                try nonce.withInteger { nonce throws(TimestampingError) in
                    try require(TS_TST_INFO_set_nonce(info, nonce), "make a timestamp")
                }
            }
            guard let der = OpenSSL.bytes({ i2d_TS_TST_INFO(info, $0) }) else { throw .failure("encode a timestamp") }
            return der
        }
    }

    private func setNumbers(_ info: OpaquePointer) throws(TimestampingError) {
        guard let number = ASN1_INTEGER_new() else { throw .failure("make a number") }
        defer { ASN1_INTEGER_free(number) }
        // The data of an ASN1_INTEGER is its magnitude, big-endian; the sign stands in its type, which stays positive.
        let bytes = serial.bytes
        try require(ASN1_STRING_set(number, bytes, Int32(truncatingIfNeeded: bytes.count)), "make a number")
        try require(TS_TST_INFO_set_serial(info, number), "make a timestamp")
        guard let accuracy = TS_ACCURACY_new() else { throw .failure("make a timestamp") }
        defer { TS_ACCURACY_free(accuracy) }
        try require(ASN1_INTEGER_set(number, Self.accuracySeconds), "make a number")
        try require(TS_ACCURACY_set_seconds(accuracy, number), "make a timestamp")
        try require(TS_TST_INFO_set_accuracy(info, accuracy), "make a timestamp")
    }
}
