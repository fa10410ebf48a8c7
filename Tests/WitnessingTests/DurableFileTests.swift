import Foundation
import Testing

@testable import Witnessing

@Suite("Files that are replaced whole")
struct DurableFileTests {
    @Test
    func manyWritersAtOnceLeaveOneWholeFile() async throws {
        let folder = NSTemporaryDirectory() + "durable-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/file"
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in UInt8(1)...16 {
                group.addTask {
                    try DurableFile.replace(path, with: [UInt8](repeating: number, count: 1000 * Int(number)))
                }
            }
            try await group.waitForAll()
        }
        let bytes = try #require(try DurableFile.read(path))
        let first = try #require(bytes.first)
        #expect(bytes == [UInt8](repeating: first, count: 1000 * Int(first)))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["file"])
    }

    @Test
    func draftOfAFailedReplaceIsRemoved() throws {
        let folder = NSTemporaryDirectory() + "durable-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder + "/file", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect(throws: DurableFile.Failure.self) { try DurableFile.replace(folder + "/file", with: [1]) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["file"])
    }
}
