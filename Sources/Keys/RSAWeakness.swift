import COpenSSL

/// The checks of an RSA key that clients bring (POP-12), as Boulder's goodkey makes them.
enum RSAWeakness {
    private static let smallPrimes: [UInt64] = (3..<752).filter { number in
        !(2..<number).contains { $0 * $0 <= number && number % $0 == 0 }
    }

    /// Primes of ROCA's fingerprint: residues of the moduli lie in the group that 65537 generates.
    private static let rocaPrimes = smallPrimes.filter { $0 <= 167 }
    private static let rocaGroups: [Set<UInt64>] = rocaPrimes.map { prime in
        var group: Set<UInt64> = []
        var power: UInt64 = 1
        repeat {
            group.insert(power)
            power = power * 65537 % prime
        } while power != 1
        return group
    }

    /// The first weakness found, or nil. Numbers are big-endian without leading zeros.
    static func find(modulus: [UInt8], exponent: [UInt8]) -> KeyWeakness? {
        let bits = modulus.isEmpty ? 0 : modulus.count * 8 - modulus[0].leadingZeroBitCount
        guard [2048, 3072, 4096].contains(bits) else { return .modulusSize(bits: bits) }
        guard exponent == [1, 0, 1] else { return .exponent }
        guard modulus.last.map({ $0 & 1 == 1 }) == true else { return .smallFactor }
        let residues = smallPrimes.map { prime in modulus.reduce(UInt64(0)) { ($0 << 8 | UInt64($1)) % prime } }
        if residues.contains(0) { return .smallFactor }
        if zip(residues, rocaGroups).allSatisfy({ $1.contains($0) }) { return .roca }
        return hasClosePrimes(modulus) ? .closePrimes : nil
    }

    /// 100 rounds of Fermat's method: is a² − n a square, for a from ⌈√n⌉ on?
    private static func hasClosePrimes(_ modulus: [UInt8]) -> Bool {
        guard let context = BN_CTX_new() else { return true }
        defer { BN_CTX_free(context) }
        BN_CTX_start(context)
        defer { BN_CTX_end(context) }
        guard let n = BN_bin2bn(modulus, Int32(modulus.count), BN_CTX_get(context)),
            let a = BN_CTX_get(context), let square = BN_CTX_get(context), let root = BN_CTX_get(context),
            squareRoot(of: n, into: a, context)
        else { return true }
        // a = ⌊√n⌋ + 1; n is odd and no square of a prime that would pass here as a key: a² = n has rest 0 below.
        for round in 0...100 {
            if round > 0, BN_add_word(a, 1) != 1 { return true }
            guard BN_sqr(square, a, context) == 1, BN_sub(square, square, n) == 1 else { return true }
            if BN_is_negative(square) == 1 || !maySquare(square) { continue }
            guard squareRoot(of: square, into: root, context) else { return true }
            guard BN_sqr(root, root, context) == 1 else { return true }
            if BN_cmp(root, square) == 0 { return true }
        }
        return false
    }

    /// Moduli and their squares: only one number in about a hundred is a square modulo all four.
    private static let squares: [(modulus: UInt64, residues: Set<UInt64>)] = [64, 63, 65, 11].map { modulus in
        (modulus, Set((0..<modulus).map { $0 * $0 % modulus }))
    }

    private static func maySquare(_ number: OpaquePointer) -> Bool {
        squares.allSatisfy { $0.residues.contains(UInt64(BN_mod_word(number, UInt($0.modulus)))) }
    }

    /// ⌊√n⌋ by Newton's method from above; false when OpenSSL is out of memory.
    private static func squareRoot(of n: OpaquePointer, into root: OpaquePointer, _ context: OpaquePointer) -> Bool {
        BN_zero_ex(root)
        guard BN_is_zero(n) == 0 else { return true }
        guard let next = BN_CTX_get(context), BN_set_bit(root, (BN_num_bits(n) + 1) / 2) == 1 else { return false }
        while true {
            guard BN_div(next, nil, n, root, context) == 1, BN_add(next, next, root) == 1, BN_rshift1(next, next) == 1
            else { return false }
            if BN_cmp(next, root) >= 0 { return true }
            guard BN_copy(root, next) != nil else { return false }
        }
    }
}
