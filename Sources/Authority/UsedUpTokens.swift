import DequeModule
import Log
import Synchronization

/// Tokens that are known to be used up, so that showing one again costs nobody a limit, a signature or an entry. Whether
/// a token is used up is the store's to say; this remembers the last answers, and forgets them when the process ends.
final class UsedUpTokens: Sendable {
    private struct State {
        var uses: [UseLimit.Key: Int] = [:]
        var order: Deque<UseLimit.Key> = []
    }

    /// The most tokens that are remembered; the first is forgotten.
    static let countMax = 65_536

    private let state = Mutex(State())

    /// How often the token has been used, if that is known to be as often as it may.
    func uses(of key: UseLimit.Key) -> Int? {
        state.withLock { $0.uses[key] }
    }

    /// Notes that a token has been used up.
    func note(_ key: UseLimit.Key, uses: Int) {
        state.withLock { state in
            guard state.uses.updateValue(uses, forKey: key) == nil else { return }
            state.order.append(key)
            if state.order.count > Self.countMax, let first = state.order.popFirst() { state.uses[first] = nil }
        }
    }
}
