import Certificates
import Keys
import Synchronization

/// Answers that are ready to be filled in: each is one thread's at a time; those that are free wait here.
final class TokenPool: Sendable {
    /// More are never free at once than threads that sign.
    private static let freeMax = 64

    private let key: SigningKey
    private let certificate: Certificate
    private let isIncluded: Bool
    private let free = Mutex<[TimestampToken]>([])

    /// Answers by this key, with or without its certificate.
    init(key: SigningKey, certificate: Certificate, isIncluded: Bool) throws(TimestampingError) {
        self.key = key
        self.certificate = certificate
        self.isIncluded = isIncluded
        let first = try TimestampToken(key: key, certificate: certificate, isIncluded: isIncluded)
        free.withLock { $0.append(first) }
    }

    /// Signs; one that failed isn't lent again.
    func answer(_ info: [UInt8], at seconds: Int64) throws(TimestampingError) -> [UInt8] {
        let token: TimestampToken
        if let kept = free.withLock({ $0.popLast() }) {
            token = kept
        } else {
            token = try TimestampToken(key: key, certificate: certificate, isIncluded: isIncluded)
        }
        let answer = try token.answer(info, at: seconds)
        free.withLock { tokens in
            if tokens.count < Self.freeMax { tokens.append(token) }
        }
        return answer
    }
}
