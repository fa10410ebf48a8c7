import Foundation
import Glibc
import Log
import LogStorage
import Records
import Transparency

/// `log-bench FOLDER SIZE…` or `log-bench DSN-FILE SIZE…`: grows a log in SQLite or PostgreSQL and at each size measures
/// what one entry, proof and search costs. Prints lines `size what median p99 low high`; low and high are the least and
/// the greatest median of the rounds.
@main
struct LogBench {
    private static let rounds = 7

    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst()
        guard let first = arguments.first else { return print("usage: log-bench FOLDER|DSN-FILE SIZE…") }
        let place = try place(at: first)
        var load = try LogUnderLoad(creatingAt: place)
        for size in arguments.dropFirst().compactMap({ Int($0) }) {
            try await grow(load, to: size)
            let startSeconds: Double
            (load, startSeconds) = try await load.restarted()
            if case .sqlite(let path) = place {
                let bytes = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
                show(size, "bytes", [[Double(bytes) / Double(size)]])
            }
            show(size, "start-ms", [[startSeconds * 1000]])
            try await measureSearches(load, size)
            try await measureReads(load, size)
            // Last, for they make the log larger.
            try await measureAppends(load, size)
        }
        await load.log.close()
        try load.store.close()
    }

    private static func place(at path: String) throws -> Place {
        guard let contents = FileManager.default.contents(atPath: path) else {
            return .sqlite(path: path + "/log.sqlite")
        }
        guard let source = DataSourceName(path: path, contents: Array(contents)) else {
            throw CocoaError(.fileReadCorruptFile)
        }
        return .postgres(source)
    }

    /// The newest hundred records of one of 1,024 names: the first time after a start, and then.
    private static func measureSearches(_ load: LogUnderLoad, _ size: Int) async throws {
        func search() throws {
            var query = RecordQuery()
            query.identity = .equal("alice-\(Int.random(in: 0..<1024))@example.com")
            let found = try load.store.records(matching: query, before: nil, count: 100)
            guard !found.isEmpty || size < 2048 else { throw CocoaError(.coderValueNotFound) }
        }
        let start = wallSeconds()
        try search()
        show(size, "search-first-ms", [[(wallSeconds() - start) * 1000]])
        show(size, "search-ms", try await timings { try search() })
    }

    private static func grow(_ load: LogUnderLoad, to size: Int) async throws {
        while let now = await load.log.size().map({ Int($0.value) }), now < size {
            _ = try await load.append(min(50_000, size - now), concurrency: 256)
        }
    }

    private static func measureReads(_ load: LogUnderLoad, _ size: Int) async throws {
        let tree = try await load.reader.head().tree.size
        let inclusion = try await timings { _ = try await load.reader.inclusionProof(of: random(in: size), in: tree) }
        show(size, "inclusion-ms", inclusion)
        let consistency = try await timings {
            _ = try await load.reader.consistencyProof(from: TreeSize(random(in: size).value + 1), to: tree)
        }
        show(size, "consistency-ms", consistency)
        let hashes = try (0..<200).map { _ in
            try load.store.entries(from: random(in: size), count: 1)[0].leafHash
        }
        let search = try await timings {
            _ = try await load.reader.index(ofLeafHash: hashes.randomElement() ?? hashes[0])
        }
        show(size, "leaf-hash-ms", search)
    }

    private static func random(in size: Int) -> LeafIndex { LeafIndex(UInt64.random(in: 0..<UInt64(size))) }

    private static func timings(_ body: () async throws -> Void) async throws -> [[Double]] {
        var all: [[Double]] = []
        for _ in 0..<rounds {
            var round: [Double] = []
            for _ in 0..<200 {
                let start = wallSeconds()
                try await body()
                round.append((wallSeconds() - start) * 1000)
            }
            all.append(round)
        }
        return all
    }

    private static func measureAppends(_ load: LogUnderLoad, _ size: Int) async throws {
        for (concurrency, count) in [(1, 40), (64, 320), (256, 512)] {
            _ = try await load.append(count / 4, concurrency: concurrency)
            var latencies: [[Double]] = []
            var cpu: [[Double]] = []
            var rates: [[Double]] = []
            for _ in 0..<rounds {
                let (wall, used) = (wallSeconds(), cpuSeconds())
                latencies.append(try await load.append(count, concurrency: concurrency).map { $0 * 1000 })
                cpu.append([(cpuSeconds() - used) / Double(count) * 1e6])
                rates.append([Double(count) / (wallSeconds() - wall)])
            }
            show(size, "append-\(concurrency)-ms", latencies)
            show(size, "append-\(concurrency)-cpu-us", cpu)
            show(size, "append-\(concurrency)-rate", rates)
        }
    }

    private static func show(_ size: Int, _ what: String, _ rounds: [[Double]]) {
        let medians = rounds.map { middle($0) }
        let tails = rounds.map { $0.sorted()[min($0.count - 1, $0.count * 99 / 100)] }
        print(size, what, middle(medians), middle(tails), medians.min() ?? 0, medians.max() ?? 0)
        fflush(nil)
    }

    private static func middle(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
}
