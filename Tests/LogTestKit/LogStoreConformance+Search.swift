import Log
import Records
import Transparency

extension LogStoreConformance {
    static let searchClaims = [
        Claim("a search finds the records that meet each condition, the last added first") { stores in
            let store = try stores.make()
            let all = try fill(store)
            let reopened = try stores.reopen(store)
            for query in queries {
                let expected = all.filter { query.matches($0.record) }.prefix(999)
                let found = try reopened.records(matching: query, before: nil, count: 999)
                try expect(found.map(\.record) == expected.map(\.record), "\(query): \(found.count)")
                try expect(found.map(\.index) == expected.map(\.index), "places of \(query)")
            }
            // A query that nothing meets would prove nothing.
            let met = queries.map { query in all.count { query.matches($0.record) } }
            try expect(met.filter { $0 == 0 || $0 == all.count }.count == 2, "\(met)")
        },
        Claim("pages of a search together are the search") { stores in
            let store = try stores.make()
            let all = try fill(store)
            for query in queries {
                var found: [StoredRecord] = []
                while true {
                    let page = try store.records(matching: query, before: found.last?.number, count: 7)
                    found += page
                    if page.count < 7 { break }
                }
                try expect(found.map(\.record) == all.filter { query.matches($0.record) }.map(\.record), "\(query)")
                try expect(zip(found, found.dropFirst()).allSatisfy { $0.number > $1.number }, "order of \(query)")
            }
        },
        Claim("a search gives no more than it may") { stores in
            let store = try stores.make()
            let all = RecordQuery()
            try expect(try store.records(matching: all, before: nil, count: 1).isEmpty, "an empty store")
            _ = try grow(store, by: 1010)
            try expect(try store.records(matching: all, before: nil, count: .max).count == 1000, "most")
            try expect(try store.records(matching: all, before: .max, count: 1).first?.index?.value == 1009, "newest")
            try expect(try store.records(matching: all, before: nil, count: 0).isEmpty, "none")
            try expect(try store.records(matching: all, before: nil, count: -1).isEmpty, "fewer")
            try expect(try store.records(matching: all, before: 0, count: 1).isEmpty, "before the first")
        },
    ]

    /// Adds records of every kind, some 2,600; returns them, the last one first.
    private static func fill(_ store: any LogStore & RecordStore) throws -> [(
        index: LeafIndex?, record: IssuanceRecord
    )] {
        var all: [(index: LeafIndex?, record: IssuanceRecord)] = []
        for round in 0..<4 {
            let batch = try grow(store, by: 640) { index in
                // Every seventh entry comes without a record.
                index.value.isMultiple(of: 7) ? nil : searched(index, Int(index.value))
            }
            all += batch.entries.compactMap { row in row.record.map { (row.entry.index, $0) } }
            var refused = (0..<9).map { refusal("\(round)/\($0)", seconds: UInt64(round)) }
            for place in refused.indices.dropFirst() {
                refused[place].san = place.isMultiple(of: 2) ? "https://a.test/x" : nil
                refused[place].issuer = "https://issuer.test/\(place % 3)"
                refused[place].reason = place.isMultiple(of: 4) ? "TOKEN_EXPIRED" : "RULE_DENIED"
            }
            try store.add(refused)
            all += refused.map { (nil, $0) }
        }
        return all.reversed()
    }

    private static func searched(_ index: LeafIndex, _ number: Int) -> IssuanceRecord {
        var record = record(index)
        record.san =
            ["https://a.test/x", "https://a.test/x/y", "https://a.test/X", "ü\u{D7FF}z", "", "q%_*"][number % 6]
        record.issuer = "https://issuer.test/\(number % 3)"
        record.rule = number.isMultiple(of: 5) ? nil : "rule \(number % 5)"
        record.reason = number.isMultiple(of: 11) ? "RULE_DENIED" : nil
        record.repository = number.isMultiple(of: 4) ? nil : "https://a.test/repository-\(number % 50)"
        record.subject = number.isMultiple(of: 2) ? "subject \(number % 10)" : "sha256:\(number % 10)"
        // As long as a serial number, and some alike in the beginning.
        record.serialHex = "0123456\(number % 8)\(number)"
        return record
    }

    private static let queries: [RecordQuery] = [
        query { _ in }, query { $0.identity = .equal("nobody") },
        query { $0.identity = .equal("https://a.test/x") }, query { $0.identity = .equal("") },
        query { $0.identity = .beginning("https://a.test/x") }, query { $0.identity = .beginning("ü\u{D7FF}") },
        query { $0.identity = .beginning("q%") }, query { $0.identity = .beginning("") },
        query { $0.identity = .containing("test/x") }, query { $0.identity = .containing("%_") },
        query { $0.issuer = "https://issuer.test/1" }, query { $0.serialHex = "01234564100" },
        query { $0.serialHex = "0123456" + "1" + "9" }, query { $0.rule = "rule 3" },
        query { $0.repository = .equal("https://a.test/repository-7") },
        query { $0.repository = .beginning("https://a.test/repository-4") },
        query { $0.repository = .containing("-1") }, query { $0.subjects = ["subject 4", "sha256:7"] },
        query { $0.reason = "RULE_DENIED" }, query { $0.decision = .refused }, query { $0.decision = .issued },
        query { $0.since = EntryTimestamp(milliseconds: 3000) },
        query { $0.until = EntryTimestamp(milliseconds: 1500) },
        query {
            $0.since = EntryTimestamp(milliseconds: 2000)
            $0.until = EntryTimestamp(milliseconds: 2100)
        },
        query {
            $0.identity = .beginning("https://")
            $0.issuer = "https://issuer.test/2"
            $0.until = EntryTimestamp(milliseconds: 2100)
        },
        query {
            $0.decision = .refused
            $0.reason = "TOKEN_EXPIRED"
            $0.since = EntryTimestamp(milliseconds: 1000)
        },
        query {
            $0.decision = .issued
            $0.identity = .equal("https://a.test/x")
            $0.rule = "rule 2"
        },
    ]

    private static func query(_ set: (inout RecordQuery) -> Void) -> RecordQuery {
        var query = RecordQuery()
        set(&query)
        return query
    }
}
