import Dispatch
import Foundation
public import Log
import Synchronization
import Transparency

/// What ``LogStore`` and ``RecordStore`` promise, as tests that every implementation runs:
///
/// ```swift
/// @Test(arguments: LogStoreConformance.claims)
/// func keeps(_ claim: LogStoreConformance.Claim) throws { try claim.check(stores) }
/// ```
public enum LogStoreConformance {
    /// Makes stores of one kind.
    public struct Stores: Sendable {
        /// An empty store.
        public let make: @Sendable () throws -> any LogStore & RecordStore
        /// The same store after the process that used it has ended; for one in memory, itself.
        public let reopen: @Sendable (any LogStore & RecordStore) throws -> any LogStore & RecordStore

        /// Takes the two functions.
        public init(
            make: @escaping @Sendable () throws -> any LogStore & RecordStore,
            reopen: @escaping @Sendable (any LogStore & RecordStore) throws -> any LogStore & RecordStore
        ) {
            self.make = make
            self.reopen = reopen
        }
    }

    /// One promise.
    public struct Claim: Sendable, CustomStringConvertible {
        /// The promise in words.
        public let description: String
        private let body: @Sendable (Stores) throws -> Void

        init(_ description: String, _ body: @escaping @Sendable (Stores) throws -> Void) {
            self.description = description
            self.body = body
        }

        /// Throws unless stores of this kind keep the promise.
        public func check(_ stores: Stores) throws { try body(stores) }
    }

    /// A promise that isn't kept.
    public struct Broken: Error, CustomStringConvertible {
        /// What was seen.
        public let description: String
    }

    /// All promises.
    public static let claims = logClaims + keyClaims + recordClaims + searchClaims

    private static let logClaims = [
        Claim("an empty store has nothing") { stores in
            let store = try stores.make()
            try expect(try store.head() == nil, "head")
            try expect(try store.entries(from: LeafIndex(0), count: 1).isEmpty, "entries")
            try expect(try store.tile(try TileID(level: 0, index: 0, width: 1)) == nil, "tile")
            try expect(try store.record(of: LeafIndex(0)) == nil, "record")
            try expect(try store.records(newest: 1).isEmpty, "records")
            try expect(try store.uses(of: limit("a").key) == 0, "uses")
        },
        Claim("what a batch holds can be read after append") { stores in
            let store = try stores.make()
            let batches = try [1, 1, 255, 256, 300].map { try grow(store, by: $0) }
            try expectHolds(try stores.reopen(store), batches)
        },
        Claim("a batch that isn't made changes nothing") { stores in
            let store = try stores.make()
            let batch = try grow(store, by: 3)
            try store.append { _ in nil }
            try expect(try store.head() == batch.head, "head")
        },
        Claim("prepare sees what its batch extends, and runs once") { stores in
            let store = try stores.make()
            let batch = try grow(store, by: 3)
            var seen: [StoredHead?] = []
            try store.append { locked in
                seen.append(try? locked.head())
                return nil
            }
            try expect(seen == [batch.head], "\(seen)")
        },
        Claim("two writers never extend one head") { stores in
            let store = try stores.make()
            let batches = Mutex<[LogBatch]>([])
            DispatchQueue.concurrentPerform(iterations: 24) { _ in
                guard let batch = try? grow(store, by: 3) else { return }
                batches.withLock { $0.append(batch) }
            }
            let all = batches.withLock { $0 }.sorted { $0.head.tree.size < $1.head.tree.size }
            try expect(all.count == 24, "\(24 - all.count) appends failed")
            try expect(all.map(\.head.tree.size.value) == (1...24).map { $0 * 3 }, "sizes \(all.map(\.head.tree.size))")
            try expectHolds(store, all)
        },
        Claim("readers never see more than the head covers, and never less than before") { stores in
            let store = try stores.make()
            _ = try grow(store, by: 1)
            let isDone = Atomic(false)
            let findings = Mutex<[String]>([])
            DispatchQueue.concurrentPerform(iterations: 3) { worker in
                do {
                    if worker == 0 {
                        defer { isDone.store(true, ordering: .releasing) }
                        for _ in 0..<100 { _ = try grow(store, by: 5) }
                    }
                    while worker > 0, !isDone.load(ordering: .acquiring) { try lookOnce(store) }
                } catch {
                    findings.withLock { $0.append("\(error)") }
                }
            }
            try expect(findings.withLock { $0.isEmpty }, findings.withLock { $0.joined(separator: "; ") })
        },
        Claim("reads don't wait for append, and see the state before it") { stores in
            let store = try stores.make()
            let before = try grow(store, by: 1).head
            let seen = Mutex<StoredHead?>(nil)
            try store.append { _ in
                // If reads waited for the append, this would never end.
                let isDone = DispatchSemaphore(value: 0)
                Thread.detachNewThread {
                    let head = try? store.head()
                    seen.withLock { $0 = head }
                    isDone.signal()
                }
                isDone.wait()
                return nil
            }
            try expect(seen.withLock { $0 } == before, "\(String(describing: seen.withLock { $0 }))")
        },
        Claim("a tile serves every narrower one of its place, and no wider one") { stores in
            let store = try stores.make()
            let batch = try grow(store, by: 200)
            let wide = try TileID(level: 0, index: 0, width: 200)
            for width in [1, 7, 199, 200] {
                let id = try TileID(level: 0, index: 0, width: width)
                let tile = try store.tile(id)
                try expect(tile?.bytes == Array(batch.tiles[0].bytes.prefix(width * 32)), "width \(width)")
                try expect(tile?.id == id, "id")
            }
            try expect(wide.with(width: 201).flatMap { try? store.tile($0) } == nil, "wider")
            try expect(try store.tile(try TileID(level: 0, index: 1, width: 1)) == nil, "next tile")
            try expect(try store.tile(try TileID(level: 1, index: 0, width: 1)) == nil, "next level")
        },
        Claim("entries end with the log") { stores in
            let store = try stores.make()
            _ = try grow(store, by: 10)
            try expect(try store.entries(from: LeafIndex(0), count: 0).isEmpty, "count 0")
            try expect(try store.entries(from: LeafIndex(8), count: 1000).map(\.index.value) == [8, 9], "end")
            try expect(try store.entries(from: LeafIndex(3), count: 2).map(\.index.value) == [3, 4], "middle")
            try expect(try store.entries(from: LeafIndex(10), count: 1).isEmpty, "behind the end")
            try expect(try store.entries(from: LeafIndex(.max), count: .max).isEmpty, "far behind the end")
            try expect(try store.record(of: LeafIndex(.max)) == nil, "record far behind the end")
        },
        Claim("a leaf hash leads to its first entry") { stores in
            let store = try stores.make()
            let first = try grow(store, by: 1)
            let hash = first.entries[0].entry.leafHash
            let equal = { (entry: StoredEntry) in
                StoredEntry(index: entry.index, timestamp: entry.timestamp, leafHash: hash, stored: entry.stored)
            }
            _ = try grow(store, by: 2, change: equal)
            try expect(try store.index(ofLeafHash: hash) == LeafIndex(0), "first")
            try expect(try store.index(ofLeafHash: MerkleTree.leafHash([1])) == nil, "unknown")
            let sought = Set([hash, MerkleTree.leafHash([1])])
            try expect(try store.indices(ofLeafHashes: sought) == [hash: LeafIndex(0)], "several at once")
            try expect(try store.indices(ofLeafHashes: []).isEmpty, "none of none")
        },
        Claim("stored leaves of any length come back as they were") { stores in
            let store = try stores.make()
            let lengths = [0, 1, 4095, 70_000]
            for length in lengths {
                let stored = [UInt8](repeating: 7, count: length)
                _ = try grow(
                    store,
                    by: 1,
                    change: {
                        StoredEntry(index: $0.index, timestamp: $0.timestamp, leafHash: $0.leafHash, stored: stored)
                    }
                )
            }
            let found = try store.entries(from: LeafIndex(0), count: 10).map(\.stored.count)
            try expect(found == lengths, "\(found)")
        },
        Claim("an entry may come without a record") { stores in
            let store = try stores.make()
            let batch = try grow(store, by: 2, record: { $0.value == 0 ? nil : record($0) })
            try expect(try store.record(of: LeafIndex(0)) == nil, "none")
            try expect(try store.record(of: LeafIndex(1)) == batch.entries[1].record, "some")
        },
        Claim("probe finds a good store good and changes nothing") { stores in
            let store = try stores.make()
            try store.probe()
            let batch = try grow(store, by: 3)
            try store.probe()
            try expectHolds(store, [batch])
        },
    ]

    static func expect(_ condition: Bool, _ what: @autoclosure () -> String) throws {
        guard condition else { throw Broken(description: what()) }
    }

    private static func lookOnce(_ store: any LogStore) throws {
        // The head is read last, and so must cover what was seen before; and it must be covered by what is read next.
        let count = try store.entries(from: LeafIndex(0), count: 10_000).count
        guard let head = try store.head() else { throw Broken(description: "the head has gone") }
        try expect(UInt64(count) <= head.tree.size.value, "\(count) entries under a head of size \(head.tree.size)")
        guard let last = head.tree.size.lastIndex else { return }
        try expect(try store.entries(from: last, count: 1).count == 1, "no entry \(last) under its head")
        for id in head.tree.size.edgeTiles {
            try expect(try store.tile(id) != nil, "no tile \(id.path) under its head")
        }
    }
}
