import Synchronization

/// The keys of every issuer that has been asked for. ``KeySetState`` has the rules; this class performs them.
///
/// A warm look-up is one lock, no suspension. A fetch runs in a task of its own, so that no caller who goes away takes
/// it along, and one dead issuer delays nobody else.
///
/// Exact issuers are as many as the configuration has. A pattern matches any number, and whoever sends a token says
/// which: those are bounded, and make room for one another only.
final class KeySetCache: Sendable {
    typealias Fetch =
        @Sendable (KeySource, IssuerURL, _ generation: UInt64) async throws(IdentityError) -> IssuerKeys
    private typealias Waiter = CheckedContinuation<IssuerKeys?, Never>

    /// Whose keys, and by which way: a reload that changes the way doesn't inherit the keys.
    private struct Place: Hashable {
        let issuer: IssuerURL
        let source: KeySource

        /// By the issuer alone, for a source may hold a whole PEM, and an issuer has few.
        func hash(into hasher: inout Hasher) { hasher.combine(issuer) }
    }

    private struct Slot {
        var state: KeySetState
        /// Whether the issuer isn't configured itself, but matches a pattern.
        let isInvented: Bool
        var waiters: [Waiter] = []
        var usedAt: Int64 = 0
    }

    /// The most issuers that are remembered because a pattern matches them. The one unused for longest is forgotten. Half
    /// of what a fetcher takes at once, so that there is always room for a configured issuer's fetch.
    static let inventedMax = 256
    /// The most callers that wait for one issuer.
    static let waitersMax = 1024

    private let slots = Mutex<[Place: Slot]>([:])
    private let generations = Atomic<UInt64>(0)
    private let fetch: Fetch
    private let now: @Sendable () -> Int64

    /// `now` gives seconds of a clock that never goes back.
    init(fetch: @escaping Fetch, now: @escaping @Sendable () -> Int64) {
        self.fetch = fetch
        self.now = now
    }

    /// Keys to verify with. Throws `.issuerUnreachable`.
    func keys(of issuer: IssuerURL, _ settings: ConfiguredIssuer) async throws(IdentityError) -> IssuerKeys {
        try await perform(issuer, settings) { state, now in state.ask(now: now) }.keys
    }

    /// Newer keys than those that were tried in vain, and whether they are of a fetch that this call began; nil when
    /// there are none, or it is too early to ask.
    func newerKeys(
        than generation: UInt64,
        of issuer: IssuerURL,
        _ settings: ConfiguredIssuer
    ) async -> (keys: IssuerKeys, isOwnFetch: Bool)? {
        let newer = try? await perform(issuer, settings) { state, now in state.renew(after: generation, now: now) }
        guard let newer, newer.keys.generation > generation else { return nil }
        return newer
    }

    /// Forgets the issuers that aren't among these settings any more, or get their keys in another way there.
    func keep(only settings: IdentitySettings) {
        slots.withLock { slots in
            slots = slots.filter { place, slot in
                // Somebody waits for what is being fetched.
                slot.state.isFetching || settings.settings(for: place.issuer)?.keySource == place.source
            }
        }
    }

    private func perform(
        _ issuer: IssuerURL,
        _ settings: ConfiguredIssuer,
        _ rule: (inout KeySetState, Int64) -> KeySetState.Action
    ) async throws(IdentityError) -> (keys: IssuerKeys, isOwnFetch: Bool) {
        let now = now()
        let place = Place(issuer: issuer, source: settings.keySource)
        let action: KeySetState.Action = slots.withLock { slots in
            if settings.isPattern, slots[place] == nil, !Self.makeRoom(in: &slots) { return .refuse }
            func use(_ slot: inout Slot) -> KeySetState.Action {
                slot.usedAt = now
                return rule(&slot.state, now)
            }
            let state = KeySetState(lifetimes: settings.keySource.lifetimes)
            return use(&slots[place, default: Slot(state: state, isInvented: settings.isPattern)])
        }
        switch action {
        case .use(let keys): return (keys, false)
        case .useAndFetch(let keys):
            startFetch(place)
            return (keys, false)
        case .wait(let startsFetch):
            if startsFetch { startFetch(place) }
            guard let keys = await wait(for: place) else { throw .issuerUnreachable }
            return (keys, startsFetch)
        case .refuse: throw .issuerUnreachable
        }
    }

    private func startFetch(_ place: Place) {
        let generation = generations.wrappingAdd(1, ordering: .relaxed).newValue
        Task {
            let result: IssuerKeys?
            do { result = try await fetch(place.source, place.issuer, generation) } catch { result = nil }
            finish(place, result)
        }
    }

    private func finish(_ place: Place, _ result: IssuerKeys?) {
        let now = now()
        let (waiters, keys): ([Waiter], IssuerKeys?) = slots.withLock { slots in
            guard var slot = slots[place] else { return ([], result) }
            let waiters = slot.waiters
            slot.waiters = []
            var keys = result
            if let result {
                slot.state.fetched(result)
            } else {
                keys = slot.state.failed(now: now)
            }
            slots[place] = slot
            return (waiters, keys)
        }
        for waiter in waiters { waiter.resume(returning: keys) }
    }

    /// Waits for the fetch under way; when it has ended in the meantime, takes what it left.
    private func wait(for place: Place) async -> IssuerKeys? {
        await withCheckedContinuation { waiter in
            let now = now()
            let answer: IssuerKeys?? = slots.withLock { slots in
                guard var slot = slots[place] else { return .some(nil) }
                guard slot.state.isFetching else { return .some(slot.state.leftOver(now: now)) }
                guard slot.waiters.count < Self.waitersMax else { return .some(nil) }
                slot.waiters.append(waiter)
                slots[place] = slot
                return .none
            }
            if let answer { waiter.resume(returning: answer) }
        }
    }

    /// Whether there is room for one more issuer that a pattern matches, made where it can be: what is being fetched
    /// stays.
    private static func makeRoom(in slots: inout [Place: Slot]) -> Bool {
        let invented = slots.filter { $0.value.isInvented }
        guard invented.count >= inventedMax else { return true }
        let idle = invented.filter { !$0.value.state.isFetching }
        guard let oldest = idle.min(by: { $0.value.usedAt < $1.value.usedAt }) else { return false }
        slots[oldest.key] = nil
        return true
    }
}
