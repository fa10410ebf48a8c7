import Testing

@testable import Server

@Suite("Rekor v1's calls")
struct RekorCallTests {
    @Test("each path is one call, and every other path is none")
    func pathsAreCalls() throws {
        let calls: [(String, RekorCall)] = [
            ("/api/v1/log/entries", .entries), ("/api/v1/log/entries/retrieve", .retrieveEntries),
            ("/api/v1/index/retrieve", .retrieveIndex), ("/api/v1/log", .tree),
            ("/api/v1/log/publicKey", .publicKey), ("/api/v1/log/proof", .proof),
        ]
        for (path, call) in calls {
            #expect(try RekorCall(path: path[...]) == call)
            #expect(call.route == path)
            #expect(RekorResponder.prefixes.contains { path.hasPrefix($0) })
        }
        for path in ["/api/v1/log/", "/api/v1/logs", "/api/v1/log/x", "/api/v1/index", "/api/v1/index/x", "/", ""] {
            #expect(try RekorCall(path: path[...]) == nil, "\(path)")
        }
    }

    @Test("an entry's name is one, or the path is refused; its route says nothing of it")
    func entriesHaveNames() throws {
        let digits = String(repeating: "0a", count: 32)
        let call = try #require(try RekorCall(path: "/api/v1/log/entries/\(digits)"))
        #expect(call.route == "/api/v1/log/entries/")
        for name in ["", "x", digits + "0", digits + "/retrieve", String(repeating: "0", count: 80)] {
            #expect(throws: Refusal.entryIDInvalid) { try RekorCall(path: "/api/v1/log/entries/\(name)") }
        }
        #expect(Refusal.entryIDInvalid.withStatusAsCode.code == 400)
        #expect(Refusal.wrongMethod.withStatusAsCode.code == 501)
    }
}
