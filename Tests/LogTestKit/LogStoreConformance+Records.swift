import Dispatch
import Log
import Records
import Synchronization
import Transparency

extension LogStoreConformance {
    /// How many refusals a store of `Stores.make` keeps.
    public static let refusalsMax = 40

    static let recordClaims = [
        Claim("records come back whole, the last added first") { stores in
            let store = try stores.make()
            var issued = record(LeafIndex(7))
            issued.reason = nil
            try store.add([refusal("a"), issued])
            let entry = try grow(store, by: 1).entries[0].record
            try store.add([refusal("b")])
            let expected = [refusal("b"), entry, issued, refusal("a")].compactMap { $0 }
            let reopened = try stores.reopen(store)
            try expect(try reopened.records(newest: 9) == expected, "records")
            try expect(try reopened.records(newest: 2) == Array(expected.prefix(2)), "the newest two")
            try expect(try reopened.records(newest: 0).isEmpty, "none")
        },
        Claim("a refusal is added once, a certificate as often as it is said") { stores in
            let store = try stores.make()
            try store.add([refusal("a"), refusal("b")])
            try store.add([refusal("b"), refusal("c", seconds: 2), refusal("a", seconds: 9)])
            let ids = try store.records(newest: 9).map(\.requestID.text)
            try expect(ids == ["c", "b", "a"], "\(ids)")
            // The same request may have failed after its certificate was recorded.
            try store.add([record(LeafIndex(0)), record(LeafIndex(0)), refusal("request 0")])
            try expect(try store.records(newest: 9).count == 6, "issued")
        },
        Claim("the newest refusals stay, and everything that was issued") { stores in
            let store = try stores.make()
            let batch = try grow(store, by: 3)
            try store.add([record(LeafIndex(1000))])
            for number in 0..<5 { try store.add((0..<21).map { refusal("\(number)/\($0)") }) }
            let records = try store.records(newest: 1000)
            let refusals = records.filter { $0.decision == .refused }.map(\.requestID.text)
            let all = (0..<5).flatMap { number in (0..<21).map { "\(number)/\($0)" } }
            try expect(refusals == Array(all.suffix(refusalsMax).reversed()), "\(refusals)")
            try expect(records.count == refusalsMax + 4, "\(records.count) records")
            try expectHolds(store, [batch])
        },
        Claim("uses of a batch are totals: the same batch again says the same") { stores in
            let store = try stores.make()
            let (a, b) = (limit("a").key, limit("b").key)
            _ = try grow(store, by: 1, uses: [a: 1, b: 1])
            _ = try grow(store, by: 1, uses: [a: 2])
            _ = try grow(store, by: 1, uses: [a: 2])
            _ = try grow(store, by: 1)
            let reopened = try stores.reopen(store)
            try expect(try reopened.uses(of: a) == 2, "a")
            try expect(try reopened.uses(of: b) == 1, "b")
            try expect(try reopened.uses(of: limit("a", expirySeconds: 90_001).key) == 0, "another expiry")
        },
        Claim("prepare sees the uses that its batch goes on from") { stores in
            let store = try stores.make()
            _ = try grow(store, by: 1, uses: [limit("a").key: 3])
            var seen = 0
            try store.append { locked in
                seen = (try? locked.uses(of: limit("a").key)) ?? 0
                return nil
            }
            try expect(seen == 3, "\(seen)")
        },
        Claim("a record and its use are stored together, or neither") { stores in
            let store = try stores.make()
            let once = limit("a")
            try expect(try store.add(record(LeafIndex(0)), counting: nil) == .added(use: nil), "uncounted")
            try expect(try store.add(record(LeafIndex(1)), counting: once) == .added(use: 1), "first")
            let reopened = try stores.reopen(store)
            try expect(try reopened.add(record(LeafIndex(2)), counting: once) == .usedUp(uses: 1), "second")
            let ids = try reopened.records(newest: 9).map(\.requestID.text)
            try expect(ids == ["request 1", "request 0"], "\(ids)")
            try expect(try reopened.uses(of: once.key) == 1, "uses")
            let any = limit("a", usesMax: nil)
            try expect(try reopened.add(record(LeafIndex(2)), counting: any) == .added(use: 2), "only counted")
        },
        Claim("of many who want the last use of a key, one gets it") { stores in
            let store = try stores.make()
            let twice = limit("a", usesMax: 2)
            let results = Mutex<[Recording?]>([])
            DispatchQueue.concurrentPerform(iterations: 16) { worker in
                let result = try? store.add(record(LeafIndex(UInt64(worker))), counting: twice)
                results.withLock { $0.append(result) }
            }
            let all = results.withLock { $0 }
            try expect(all.count { $0 == .added(use: 1) } == 1, "first: \(all)")
            try expect(all.count { $0 == .added(use: 2) } == 1, "second: \(all)")
            try expect(all.count { $0 == .usedUp(uses: 2) } == 14, "used up: \(all)")
            try expect(try store.records(newest: 99).count == 2, "records")
        },
        Claim("uses are kept for a day after the expiry, and then forgotten") { stores in
            let store = try stores.make()
            // The heads of these batches are 2 seconds after 1970, and then a day later.
            let old = limit("old", expirySeconds: 10).key
            let kept = limit("kept", expirySeconds: 11).key
            _ = try grow(store, by: 1, uses: [old: 1, kept: 1])
            try expect(try store.uses(of: old) == 1, "old")
            let late = IssuanceRecord(
                .issued,
                RequestID(text: "late"),
                at: EntryTimestamp(milliseconds: 1000 * (86_400 + 11))
            )
            _ = try store.add(late, counting: limit("new"))
            try expect(try store.uses(of: old) == 0, "forgotten")
            try expect(try store.uses(of: kept) == 1, "kept")
            try expect(try store.uses(of: limit("new").key) == 1, "new")
        },
    ]
}
