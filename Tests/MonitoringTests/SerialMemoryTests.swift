import Foundation
import Testing

@testable import Monitoring

@Suite("Serial numbers that were seen")
struct SerialMemoryTests {
    @Test("a repetition is found while fewer than a generation lie between, and memory is two generations")
    func generations() {
        var memory = SerialMemory(isStored: false, generationMax: 10)
        for key in 0..<UInt64(10_000) {
            let isNew = memory.insert(key)
            let isNewAgain = memory.insert(key)
            let isEarlierNew = memory.insert(key - min(key, 9))
            #expect(isNew && !isNewAgain && !isEarlierNew)
        }
        let isForgotten = memory.insert(0)
        #expect(isForgotten)
    }

    @Test("the file gives back what was stored, and not what a run left that didn't finish")
    func file() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("serials-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let file = SerialFile(path: path)
        try file.append([1, .max, 3], after: 0)
        try file.append([4, 5], after: 3)
        try file.append([6], after: 3)
        var memory = try file.load(count: 4)
        let isNew = [1, .max, 3, 6, 4, 5].map { memory.insert($0) }
        #expect(isNew == [false, false, false, false, true, true])
        #expect(throws: MonitoringError.stateUnusable(path: path)) { _ = try file.load(count: 5) }
        #expect(throws: MonitoringError.stateUnusable(path: path)) { _ = try file.load(count: .max) }
    }
}
