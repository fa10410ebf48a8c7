import Testing

@testable import Identity

@Suite("The rules of an issuer's keys, on a stepped clock")
struct KeySetStateTests {
    private func keys(_ generation: UInt64) throws -> IssuerKeys {
        IssuerKeys(
            set: try JSONWebKeySet(json: Array(#"{"keys":[]}"#.utf8)),
            algorithms: [.rs256],
            generation: generation
        )
    }

    private func state() -> KeySetState {
        KeySetState(lifetimes: KeySetState.Lifetimes(lifetime: 300, maxStale: 3600))
    }

    /// The action in a word.
    private func word(_ action: KeySetState.Action) -> String {
        switch action {
        case .use(let keys): "use \(keys.generation)"
        case .useAndFetch(let keys): "use \(keys.generation) and fetch"
        case .wait(let starts): starts ? "fetch" : "wait"
        case .refuse: "refuse"
        }
    }

    @Test("invariant 1: one fetch at a time")
    func onlyTheFirstStartsAFetch() throws {
        var state = state()
        #expect(word(state.ask(now: 0)) == "fetch")
        #expect(word(state.ask(now: 0)) == "wait")
        state.fetched(try keys(1))
        #expect(word(state.ask(now: 1)) == "use 1")
    }

    @Test("keys are renewed ahead of time, and not used past their lifetime without asking")
    func agesInThreeSteps() throws {
        var state = state()
        _ = state.ask(now: 0)
        state.fetched(try keys(1))
        #expect(word(state.ask(now: 149)) == "use 1")
        #expect(word(state.ask(now: 150)) == "use 1 and fetch")
        #expect(word(state.ask(now: 151)) == "use 1")
        #expect(word(state.ask(now: 300)) == "wait")
        state.fetched(try keys(2))
        #expect(word(state.ask(now: 299)) == "use 2")
    }

    @Test("keys are as old as the question for them: a slow answer doesn't make them younger")
    func ageCountsFromTheQuestion() throws {
        var state = state()
        #expect(word(state.ask(now: 100)) == "fetch")
        state.fetched(try keys(1))
        #expect(word(state.ask(now: 399)) == "use 1 and fetch")
        #expect(state.failed(now: 399)?.generation == 1)
        #expect(word(state.ask(now: 400)) == "fetch")
    }

    @Test("invariant 2: stale keys only while the issuer is down, and not for ever")
    func staleKeysEnd() throws {
        var state = state()
        _ = state.ask(now: 0)
        state.fetched(try keys(1))
        #expect(word(state.ask(now: 1000)) == "fetch")
        #expect(state.failed(now: 1010)?.generation == 1)
        #expect(word(state.ask(now: 1010)) == "use 1")
        #expect(word(state.ask(now: 3599)) == "fetch")
        #expect(state.failed(now: 3600) == nil)
        #expect(word(state.ask(now: 3600)) == "refuse")
    }

    @Test("invariant 3: waits double to a minute")
    func failuresAreSpacedOut() {
        var state = state()
        var now: Int64 = 0
        for wait: Int64 in [1, 2, 4, 8, 16, 32, 60, 60] {
            #expect(word(state.ask(now: now)) == "fetch")
            #expect(state.failed(now: now) == nil)
            #expect(word(state.ask(now: now + wait - 1)) == "refuse")
            now += wait
        }
    }

    @Test("invariant 4: garbage can't make us hammer an issuer")
    func renewalsAreLimited() throws {
        var state = state()
        _ = state.ask(now: 0)
        state.fetched(try keys(1))
        for generation in 1...UInt64(KeySetState.renewalsMax) {
            #expect(word(state.renew(after: generation, now: 1)) == "fetch")
            state.fetched(try keys(generation + 1))
        }
        #expect(word(state.renew(after: 11, now: 1)) == "refuse")
        #expect(word(state.renew(after: 11, now: 7)) == "fetch")
    }

    @Test("who has tried older keys gets the newer ones at once")
    func newerKeysNeedNoFetch() throws {
        var state = state()
        _ = state.ask(now: 0)
        state.fetched(try keys(2))
        #expect(word(state.renew(after: 1, now: 0)) == "use 2")
    }
}
