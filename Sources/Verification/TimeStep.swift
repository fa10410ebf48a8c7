/// Step B: when the signature was there, as logs and timestamp authorities that are trusted say (client specification
/// §4.2). One timestamp of each authority counts, and each must be of this very signature; those of authorities that are
/// not in the trusted root are passed over.
struct TimeStep {
    let authorities: [TrustedAuthority]
    let bundle: Bundle
    /// The moments that step A gave.
    let logTimes: [SignatureTime]

    /// All moments. Throws `.noSource` and `.authorityUnknown` when there are none, and the problem of any timestamp that
    /// is wrong rather than unknown.
    func run() throws(TimeProblem) -> [SignatureTime] {
        var times = logTimes
        var counted: Set<Int> = []
        var unknown: String?
        for bytes in bundle.timestamps {
            let token = try TimestampToken(bytes)
            try token.checkImprint(of: bundle.content.signature)
            switch try verify(token) {
            case .by(let place):
                guard counted.insert(place).inserted else { continue }
                let time = token.milliseconds
                times.append(SignatureTime(source: .authority, uri: authorities[place].uri, milliseconds: time))
            case .unknown(let reason): unknown = reason
            }
        }
        guard times.isEmpty else { return times }
        if let unknown { throw .authorityUnknown(reason: unknown) }
        throw .noSource
    }

    private enum Verdict {
        /// By the authority at this place.
        case by(Int)
        /// By none that is trusted.
        case unknown(reason: String)
    }

    /// Finds the authority. One that signed, but was not in use, is told unless another one did.
    private func verify(_ token: TimestampToken) throws(TimeProblem) -> Verdict {
        var problem: TimeProblem?
        var reason = "the trusted root has none"
        for (place, authority) in authorities.enumerated() {
            do {
                try token.verify(authority)
                return .by(place)
            } catch .authorityUnknown(let why) {
                reason = why
            } catch {
                problem = problem ?? error
            }
        }
        if let problem { throw problem }
        return .unknown(reason: reason)
    }
}
