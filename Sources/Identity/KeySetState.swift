/// When an issuer's keys are used, fetched and given up: the rules, without network and without clock.
///
/// ```
///            ask, nothing known            fetched
///   empty ────────────────────▶ fetching ──────────▶ fresh ──(lifetime/2)──▶ ageing ──(lifetime)──▶ stale
///     ▲                            │ failed            ▲  ask: use            │ ask: use and fetch    │ ask: wait for
///     └───(wait, doubling)─────────┘                   └──────── fetched ─────┴───────────────────────┘ a fetch
/// ```
///
/// Invariants:
/// 1. At most one fetch is under way.
/// 2. Keys older than `lifetime` are used only after a fetch has failed, and never when older than `maxStale`.
/// 3. After a failure no fetch starts before a wait that doubles from one second to a minute.
/// 4. Fetches that tokens with unknown keys ask for are limited to a burst of `renewalsMax`, refilled one in
///    `renewalSeconds`: who sends garbage can't make us hammer an issuer.
struct KeySetState: Sendable {
    /// How long keys are good.
    struct Lifetimes: Sendable, Hashable {
        /// Seconds after which keys must be fetched anew before they are used again.
        let lifetime: Int64
        /// Seconds for which keys are used all the same while the issuer is down.
        let maxStale: Int64
    }

    /// What to do now.
    enum Action {
        /// Use these keys.
        case use(IssuerKeys)
        /// Use these keys, and start a fetch for those who come later.
        case useAndFetch(IssuerKeys)
        /// Wait for the fetch; start it if `startsFetch`.
        case wait(startsFetch: Bool)
        /// Nothing to use and not the time to fetch.
        case refuse
    }

    static let renewalsMax = 10
    static let renewalSeconds: Int64 = 6

    private let lifetimes: Lifetimes
    private var keys: IssuerKeys?
    /// When the fetch of `keys` began: the issuer may have changed them at any time since.
    private var fetchedAt: Int64 = 0
    private var fetchBeganAt: Int64 = 0
    private var failures = 0
    private var retryAt: Int64 = .min
    private var renewals = KeySetState.renewalsMax
    private var renewedAt: Int64 = 0
    private(set) var isFetching = false

    init(lifetimes: Lifetimes) {
        self.lifetimes = lifetimes
    }

    /// Somebody needs keys.
    mutating func ask(now: Int64) -> Action {
        guard let keys else { return waitOrRefuse(now: now) }
        let age = now - fetchedAt
        if age * 2 < lifetimes.lifetime { return .use(keys) }
        let mayFetch = !isFetching && now >= retryAt
        if age < lifetimes.lifetime {
            guard mayFetch else { return .use(keys) }
            beginFetch(now: now)
            return .useAndFetch(keys)
        }
        if isFetching { return .wait(startsFetch: false) }
        if mayFetch {
            beginFetch(now: now)
            return .wait(startsFetch: true)
        }
        // A fetch has failed, or it would be time for one.
        return age < lifetimes.maxStale ? .use(keys) : .refuse
    }

    /// Somebody has tried the keys of this generation in vain.
    mutating func renew(after generation: UInt64, now: Int64) -> Action {
        if let keys, keys.generation > generation { return .use(keys) }
        if isFetching { return .wait(startsFetch: false) }
        refill(now: now)
        guard renewals > 0, now >= retryAt else { return .refuse }
        renewals -= 1
        beginFetch(now: now)
        return .wait(startsFetch: true)
    }

    /// The fetch has succeeded.
    mutating func fetched(_ new: IssuerKeys) {
        isFetching = false
        failures = 0
        retryAt = .min
        keys = new
        fetchedAt = fetchBeganAt
    }

    /// The fetch has failed. Returns keys that may still be used.
    mutating func failed(now: Int64) -> IssuerKeys? {
        isFetching = false
        retryAt = now + min(60, 1 << Int64(min(failures, 6)))
        failures += 1
        return leftOver(now: now)
    }

    /// Keys to use when a fetch has ended, however it did.
    func leftOver(now: Int64) -> IssuerKeys? {
        guard let keys, now - fetchedAt < max(lifetimes.maxStale, lifetimes.lifetime) else { return nil }
        return keys
    }

    private mutating func beginFetch(now: Int64) {
        isFetching = true
        fetchBeganAt = now
    }

    private mutating func waitOrRefuse(now: Int64) -> Action {
        if isFetching { return .wait(startsFetch: false) }
        guard now >= retryAt else { return .refuse }
        beginFetch(now: now)
        return .wait(startsFetch: true)
    }

    private mutating func refill(now: Int64) {
        let gained = (now - renewedAt) / Self.renewalSeconds
        guard gained > 0 else { return }
        renewals = Int(min(Int64(Self.renewalsMax), Int64(renewals) + gained))
        renewedAt = now
    }
}
