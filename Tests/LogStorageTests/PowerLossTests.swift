import Log
import LogStorage
import LogTestKit
import TestKit
import Testing
import Transparency

@Suite("What a stop without warning leaves is a log")
struct PowerLossTests {
    @Test func copyOfARunningLogHoldsEveryAcknowledgedEntry() async throws {
        let folder = try ScratchFolder()
        let log = try StoredLog(at: folder.path("log.sqlite"))
        for count in 0..<20 {
            // What kill -9 leaves: the files as the system sees them, without a last word from the process.
            folder.write(folder.read("log.sqlite"), to: "copy-\(count).sqlite")
            folder.write(folder.read("log.sqlite-wal"), to: "copy-\(count).sqlite-wal")
            let copy = try StoredLog(at: folder.path("copy-\(count).sqlite"), isNew: false)
            #expect(try copy.audit() == UInt64(count))
            try await copy.close()
            try await log.append(1)
        }
    }

    @Test func writeAheadLogTornAnywhereIsAnEarlierLog() async throws {
        let folder = try ScratchFolder()
        let log = try StoredLog(at: folder.path("log.sqlite"))
        try await log.append(6)
        let database = folder.read("log.sqlite")
        let writeAhead = folder.read("log.sqlite-wal")
        var sizes: [UInt64] = []
        for length in stride(from: writeAhead.count, to: 0, by: -1777) {
            folder.write(database, to: "torn.sqlite")
            folder.write(Array(writeAhead.prefix(length)), to: "torn.sqlite-wal")
            guard let torn = try? StoredLog(at: folder.path("torn.sqlite"), isNew: false) else {
                // Before the commit of the first head there is no log yet.
                sizes.append(0)
                continue
            }
            let size = try torn.audit()
            #expect(try await torn.append("after").index.value == size)
            #expect(try torn.audit() == size + 1)
            try await torn.close()
            sizes.append(size)
        }
        #expect(sizes == sizes.sorted(by: >), "never a later log from less")
        #expect(Set(sizes) == Set(0...6))
    }
}
