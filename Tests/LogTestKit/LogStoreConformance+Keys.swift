import Log
import Records
import Transparency

extension LogStoreConformance {
    static let keyClaims = [
        Claim("entries are found by their keys, the newest first") { stores in
            let store = try stores.make()
            try expect(try find(store, ["any"]).isEmpty, "in an empty store")
            _ = try grow(store, by: 3) { index in ["all", "\(index.value % 2)", "only \(index.value)"] }
            _ = try grow(store, by: 2) { _ in [] }
            _ = try grow(store, by: 3) { index in ["all", "\(index.value % 2)", "only \(index.value)"] }
            let reopened = try stores.reopen(store)
            try expect(try find(reopened, ["all"]) == [7, 6, 5, 2, 1, 0], "all")
            try expect(try find(reopened, ["0"]) == [6, 2, 0], "0")
            try expect(try find(reopened, ["only 5"]) == [5], "only 5")
            try expect(try find(reopened, ["only 3"]).isEmpty && find(reopened, ["ALL"]).isEmpty, "others")
            try expect(try find(reopened, []).isEmpty && find(reopened, [], needsAll: true).isEmpty, "no key")
        },
        Claim("one of several keys is enough, or all of them are needed") { stores in
            let store = try stores.make()
            _ = try grow(store, by: 12) { index in
                Set([2, 3, 5].filter { index.value % $0 == 0 }.map { "by \($0)" })
            }
            try expect(try find(store, ["by 2", "by 3"]) == [10, 9, 8, 6, 4, 3, 2, 0], "2 or 3")
            try expect(try find(store, ["by 2", "by 3"], needsAll: true) == [6, 0], "2 and 3")
            try expect(try find(store, ["by 2", "by 3", "by 5"], needsAll: true) == [0], "2, 3 and 5")
            try expect(try find(store, ["by 2", "by 7"], needsAll: true).isEmpty, "2 and 7")
            try expect(try find(store, ["by 2", "by 7"], count: 2) == [10, 8], "two of those by 2")
            try expect(try find(store, ["by 2"], count: 0).isEmpty, "none")
        },
        Claim("keys are found in a log of any length") { stores in
            let store = try stores.make()
            // A store may keep the keys of so many entries together.
            let part: UInt64 = 16_384
            _ = try grow(store, by: Int(part) + 3, record: { _ in nil }) { index in
                switch index.value {
                case 0, 5, part - 1, part, part + 2: ["rare", "number \(index.value % 4)"]
                default: []
                }
            }
            try expect(try find(store, ["rare"]) == [part + 2, part, part - 1, 5, 0], "rare")
            try expect(try find(store, ["rare"], count: 3) == [part + 2, part, part - 1], "three")
            try expect(try find(store, ["rare", "number 0"], needsAll: true) == [part, 0], "by 4")
        },
    ]

    private static func grow(_ store: any LogStore, by count: Int, _ keys: (LeafIndex) -> Set<String>) throws
        -> LogBatch
    {
        try grow(store, by: count, record: { record($0) }, keys)
    }

    private static func grow(
        _ store: any LogStore,
        by count: Int,
        record: (LeafIndex) -> IssuanceRecord?,
        _ keys: (LeafIndex) -> Set<String>
    ) throws -> LogBatch {
        try grow(store, by: count, record: record, keys: { Set(keys($0).map { SearchKey($0) }) })
    }

    private static func find(
        _ store: any LogStore,
        _ texts: Set<String>,
        needsAll: Bool = false,
        count: Int = 100
    ) throws -> [UInt64] {
        let keys = Set(texts.map { SearchKey($0) })
        return try store.indices(ofKeys: keys, needsAll: needsAll, count: count).map(\.value)
    }
}
