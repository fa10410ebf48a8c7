/// The two ways to write r and s.
public enum ECDSAEncoding: Sendable, Hashable {
    /// ASN.1 DER (RFC 3279 §2.2.3).
    case der
    /// r‖s, each as long as the field (IEEE P1363; RFC 7518 §3.4).
    case fixed
}
