/// Why a readable key is refused (POP-11, POP-12).
public enum KeyWeakness: Sendable, Hashable {
    /// The curve isn't P-256, P-384 or P-521.
    case curve
    /// An RSA modulus that isn't of an allowed size, in bits.
    case modulusSize(bits: Int)
    /// An RSA exponent other than 65537.
    case exponent
    /// An RSA modulus with a prime factor below 752.
    case smallFactor
    /// An RSA modulus with the fingerprint of ROCA (CVE-2017-15361).
    case roca
    /// An RSA modulus whose two factors lie so close together that Fermat's method finds them.
    case closePrimes
}
