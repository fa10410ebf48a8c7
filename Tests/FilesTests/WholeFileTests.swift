import Files
import Foundation
import Testing

@Suite("Files that are read and written whole")
struct WholeFileTests {
    @Test
    func manyWritersAtOnceLeaveOneWholeFile() async throws {
        let folder = NSTemporaryDirectory() + "durable-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/file"
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in UInt8(1)...16 {
                group.addTask {
                    try WholeFile.replace(path, with: [UInt8](repeating: number, count: 1000 * Int(number)))
                }
            }
            try await group.waitForAll()
        }
        let bytes = try #require(try WholeFile.read(path))
        let first = try #require(bytes.first)
        #expect(bytes == [UInt8](repeating: first, count: 1000 * Int(first)))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["file"])
    }

    @Test
    func draftOfAFailedReplaceIsRemoved() throws {
        let folder = NSTemporaryDirectory() + "durable-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder + "/file", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect(throws: FileFailure.self) { try WholeFile.replace(folder + "/file", with: [1]) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["file"])
    }

    @Test
    func whatIsKeptIsNeverOverwritten() throws {
        let path = NSTemporaryDirectory() + "kept-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        for byte in UInt8(1)...2 { try WholeFile.keep(path, [byte]) }
        #expect(try WholeFile.read(path) == [1])
        #expect(throws: FileFailure(code: EEXIST)) { try WholeFile.create(path, [3], isPrivate: true) }
    }

    @Test
    func missingFileIsNothingAndALargeOneAnError() throws {
        let path = NSTemporaryDirectory() + "large-\(UUID().uuidString)"
        #expect(try WholeFile.read(path) == nil)
        try WholeFile.create(path, [1, 2, 3], isPrivate: false)
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(try WholeFile.read(path, bytesMax: 3) == [1, 2, 3])
        #expect(try WholeFile.read(path + "/below") == nil)
        let error = #expect(throws: FileFailure.self) { try WholeFile.read(path, bytesMax: 2) }
        #expect(error?.isTooLarge == true)
    }
}
