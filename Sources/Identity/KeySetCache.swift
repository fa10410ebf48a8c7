import Synchronization

/// The keys of every issuer that has been asked for. ``KeySetState`` has the rules; this class performs them.
///
/// A warm look-up is one lock, no suspension. A fetch runs in a task of its own, so that no caller who goes away takes
/// it along, and one dead issuer delays nobody else.
final class KeySetCache: Sendable {
    typealias Fetch =
        @Sendable (IssuerSettings, IssuerURL, _ generation: UInt64) async throws(IdentityError) -> IssuerKeys
    private typealias Waiter = CheckedContinuation<IssuerKeys?, Never>

    private struct Slot {
        var state: KeySetState
        var waiters: [Waiter] = []
        var usedAt: Int64 = 0
    }

    /// The most issuers that are remembered: patterns may match any number. The one unused for longest is forgotten.
    static let issuersMax = 256
    /// The most callers that wait for one issuer.
    static let waitersMax = 1024

    private let slots = Mutex<[IssuerURL: Slot]>([:])
    private let generations = Atomic<UInt64>(0)
    private let fetch: Fetch
    private let now: @Sendable () -> Int64

    /// `now` gives seconds of a clock that never goes back.
    init(fetch: @escaping Fetch, now: @escaping @Sendable () -> Int64) {
        self.fetch = fetch
        self.now = now
    }

    /// Keys to verify with. Throws `.issuerUnreachable`.
    func keys(of issuer: IssuerURL, _ settings: IssuerSettings) async throws(IdentityError) -> IssuerKeys {
        try await perform(issuer, settings) { state, now in state.ask(now: now) }
    }

    /// Newer keys than those that were tried in vain; nil when there are none, or it is too early to ask.
    func newerKeys(
        than generation: UInt64,
        of issuer: IssuerURL,
        _ settings: IssuerSettings
    ) async -> IssuerKeys? {
        let keys = try? await perform(issuer, settings) { state, now in state.renew(after: generation, now: now) }
        guard let keys, keys.generation > generation else { return nil }
        return keys
    }

    private func perform(
        _ issuer: IssuerURL,
        _ settings: IssuerSettings,
        _ rule: (inout KeySetState, Int64) -> KeySetState.Action
    ) async throws(IdentityError) -> IssuerKeys {
        let now = now()
        let action = slots.withLock { slots in
            if slots[issuer] == nil { Self.makeRoom(in: &slots) }
            var slot = slots[issuer] ?? Slot(state: KeySetState(lifetimes: settings.lifetimes))
            slot.usedAt = now
            defer { slots[issuer] = slot }
            return rule(&slot.state, now)
        }
        switch action {
        case .use(let keys): return keys
        case .useAndFetch(let keys):
            startFetch(issuer, settings)
            return keys
        case .wait(let startsFetch):
            if startsFetch { startFetch(issuer, settings) }
            guard let keys = await wait(for: issuer) else { throw .issuerUnreachable }
            return keys
        case .refuse: throw .issuerUnreachable
        }
    }

    private func startFetch(_ issuer: IssuerURL, _ settings: IssuerSettings) {
        let generation = generations.wrappingAdd(1, ordering: .relaxed).newValue
        Task {
            let result: IssuerKeys?
            do { result = try await fetch(settings, issuer, generation) } catch { result = nil }
            finish(issuer, result)
        }
    }

    private func finish(_ issuer: IssuerURL, _ result: IssuerKeys?) {
        let now = now()
        let (waiters, keys): ([Waiter], IssuerKeys?) = slots.withLock { slots in
            guard var slot = slots[issuer] else { return ([], result) }
            let waiters = slot.waiters
            slot.waiters = []
            var keys = result
            if let result {
                slot.state.fetched(result, now: now)
            } else {
                keys = slot.state.failed(now: now)
            }
            slots[issuer] = slot
            return (waiters, keys)
        }
        for waiter in waiters { waiter.resume(returning: keys) }
    }

    /// Waits for the fetch under way; asks the state again when it has ended in the meantime.
    private func wait(for issuer: IssuerURL) async -> IssuerKeys? {
        await withCheckedContinuation { waiter in
            let now = now()
            let answer: IssuerKeys?? = slots.withLock { slots in
                guard var slot = slots[issuer] else { return .some(nil) }
                if slot.state.isFetching {
                    guard slot.waiters.count < Self.waitersMax else { return .some(nil) }
                    slot.waiters.append(waiter)
                    slots[issuer] = slot
                    return .none
                }
                if case .use(let keys) = slot.state.ask(now: now) { return .some(keys) }
                return .some(nil)
            }
            if let answer { waiter.resume(returning: answer) }
        }
    }

    private static func makeRoom(in slots: inout [IssuerURL: Slot]) {
        guard slots.count >= issuersMax else { return }
        let idle = slots.filter { !$0.value.state.isFetching }
        if let oldest = idle.min(by: { $0.value.usedAt < $1.value.usedAt }) { slots[oldest.key] = nil }
    }
}
