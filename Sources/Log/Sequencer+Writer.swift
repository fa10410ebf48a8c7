import Transparency

/// What the writer thread does; nothing here runs anywhere else.
extension Sequencer {
    /// Performs the next step; false when there is none.
    func step() -> Bool {
        switch state.withLock({ $0.next() }) {
        case .sleep: return false
        case .write(let pending, let tip): write(pending, on: tip)
        case .rewrite(let signed): rewrite(signed)
        case .settle(let signed): settle(signed)
        }
        return true
    }

    private func write(_ pending: [Pending<Waiter>], on tip: LogTip) {
        var extended: LogTip.Extension<Waiter>?
        var failure: LogStoreError?
        do throws(LogStoreError) {
            try store.append { locked in
                do throws(LogStoreError) {
                    let base = try newest(tip, in: locked)
                    extended = try base.extended(
                        by: pending,
                        in: locked,
                        now: clock(),
                        signer: signer,
                        limits: limits
                    )
                } catch {
                    failure = error
                }
                return extended?.signed?.batch
            }
        } catch {
            failure = error
        }
        let answers: [Answer<Waiter>] = state.withLock { state in
            switch (extended?.signed, failure) {
            case (let signed?, let failure?): state.lost(signed, failure)
            case (let signed?, nil): state.stored(signed)
            case (nil, let failure?): state.notBuilt(extended == nil ? pending : [], failure)
            case (nil, nil): []
            }
        }
        tell((extended?.refused ?? []) + answers)
    }

    /// `tip`, or what another writer has made of it.
    private func newest(_ tip: LogTip, in locked: any LogReads) throws(LogStoreError) -> LogTip {
        guard try locked.existingHead() != tip.head else { return tip }
        let newer = try LogTip(reading: locked, signer: signer)
        try newer.checkExtends(tip, in: locked)
        return newer
    }

    private func rewrite(_ signed: SignedBatch<Waiter>) {
        var isOvertaken = false
        var failure: LogStoreError?
        do throws(LogStoreError) {
            try store.append { locked in
                do throws(LogStoreError) {
                    isOvertaken = try locked.existingHead() != signed.base.head
                } catch {
                    failure = error
                }
                return isOvertaken || failure != nil ? nil : signed.batch
            }
        } catch {
            failure = error
        }
        let answers: [Answer<Waiter>] = state.withLock { state in
            if let failure { return state.lost(signed, failure) }
            if !isOvertaken { return state.stored(signed) }
            state.overtaken(signed)
            return []
        }
        tell(answers)
    }

    private func settle(_ signed: SignedBatch<Waiter>) {
        let settlement = settlement(of: signed)
        tell(state.withLock { $0.settled(settlement) })
    }

    private func settlement(of signed: SignedBatch<Waiter>) -> SequencerState<Waiter>.Settlement {
        do throws(LogStoreError) {
            let head = try store.existingHead()
            if head == signed.tip.head { return .stored }
            if head == signed.base.head { return .absent }
            let newest = try LogTip(reading: store, signer: signer)
            try newest.checkExtends(signed.base, in: store)
            var present: Set<LeafIndex> = []
            for place in signed.placed
            where try store.index(ofLeafHash: place.entry.leafHash) == place.entry.index {
                present.insert(place.entry.index)
            }
            return .passed(newest, present: present)
        } catch {
            return .unreadable(error)
        }
    }
}
