import Keys
import Log
import TestKit
import Testing
import Transparency
import Wire

@testable import RecordLog

/// A record log with what real clients proposed to Rekor v1 in it, and one entry of Rekor v2.
struct FilledRecordLog {
    let open: OpenRecordLog
    var log: RecordLog { open.log }
    /// By client.
    let answers: [String: LogEntryAnswer]
    let second: ProvenRecord

    init() async throws {
        open = try await OpenRecordLog()
        open.clock.set(1_795_472_615_999)
        var answers: [String: LogEntryAnswer] = [:]
        for client in Captured.clients {
            answers[client] = try await open.log.answer(appending: ProposedEntry(try Captured(client).request))
        }
        self.answers = answers
        let record = try HashedRekord(request: TestRequest().body)
        second = try await open.log.append(record.body(), keys: record.keys)
    }

    func find(_ query: String) async throws -> [EntryID] {
        try await log.entryIDs(matching: IndexQuery(Array(query.utf8)))
    }

    func retrieve(_ query: String) async throws -> [EntryID] {
        try await log.answers(to: EntryQuery(Array(query.utf8))).map(\.id)
    }

    /// Throws unless everything in the answer is true, read without this room's types.
    func verify(_ answer: LogEntryAnswer, index: UInt64) throws {
        let json = try JSON.parse(answer.json.encoded())
        let (name, entry) = try #require(json.members?.first)
        let body = try Base64.decode(try #require(entry["body"]?.utf8Bytes))
        let leafHash = MerkleTree.leafHash(body)
        #expect(name == log.treeID.hex + hex(leafHash.bytes))
        #expect(entry["integratedTime"]?.integer == 1_795_472_615)
        #expect(entry["logIndex"]?.integer == Int64(index))
        let promise = try #require(entry["verification"]?["signedEntryTimestamp"]?.utf8Bytes)
        let signed =
            #"{"body":"\#(Base64.encode(body))","integratedTime":1795472615,"logID":"\#(hex(log.logID.bytes))""#
            + #","logIndex":\#(index)}"#
        try log.publicKey.verify(try Base64.decode(promise), over: Array(signed.utf8), with: .ecdsa(.sha256))
        let proof = try #require(entry["verification"]?["inclusionProof"])
        let root = try #require(proof["rootHash"]?.string)
        let size = try #require(proof["treeSize"]?.integer)
        let note = try SignedNote(encoded: try #require(proof["checkpoint"]?.utf8Bytes))
        #expect(note.text == "log.example - \(log.treeID)\n\(size)\n\(Base64.encode(bytes(root)))\n")
        try log.publicKey.verify(note.signatures[0].signature, over: Array(note.text.utf8), with: .ecdsa(.sha256))
        let path = (proof["hashes"]?.elements ?? []).compactMap { MerkleHash(bytes: bytes($0.string ?? "")) }
        try InclusionProof(index: LeafIndex(index), size: TreeSize(UInt64(size)), path: path)
            .verify(leafHash: leafHash, root: try #require(MerkleHash(bytes: bytes(root))))
    }
}

@Suite("Rekor v1: a log that answers")
struct RekorV1Tests {
    @Test("a new entry is answered with a promise and a proof that verify")
    func newEntriesVerify() async throws {
        let filled = try await FilledRecordLog()
        for (place, client) in Captured.clients.enumerated() {
            try filled.verify(try #require(filled.answers[client]), index: UInt64(place + 1))
        }
    }

    @Test("an entry is shown by its index, by its name and by its leaf hash; one of Rekor v2 is too")
    func entriesAreShown() async throws {
        let filled = try await FilledRecordLog()
        let answers = Captured.clients.compactMap { filled.answers[$0] }
        for (place, answer) in answers.enumerated() {
            let index = LeafIndex(UInt64(place + 1))
            let digits = answer.id.description
            for shown in [
                try await filled.log.answer(at: index), try await filled.log.answer(of: answer.id),
                try await filled.log.answer(of: try #require(EntryID(text: digits.suffix(64)))),
            ] {
                #expect(shown.id == answer.id)
                try filled.verify(shown, index: index.value)
            }
        }
        let second = try await filled.log.answer(at: filled.second.record.index)
        try filled.verify(second, index: filled.second.record.index.value)
        #expect(second.id.leafHash == filled.second.record.leafHash)
    }

    @Test("what isn't in the log, or is asked of another tree, isn't found")
    func missingEntriesAreNotFound() async throws {
        let filled = try await FilledRecordLog()
        await #expect(throws: LogReadError.notFound) { try await filled.log.answer(at: LeafIndex(7)) }
        await #expect(throws: LogReadError.notFound) { try await filled.log.answer(at: LeafIndex(.max)) }
        let id = try #require(filled.answers["py-sign"]?.id)
        let hash = hex(id.leafHash.bytes)
        let other = try #require(EntryID(text: "0000000000000001" + hash))
        await #expect(throws: LogReadError.notFound) { try await filled.log.answer(of: other) }
        let unknown = try #require(EntryID(text: String(hash.reversed())))
        await #expect(throws: LogReadError.notFound) { try await filled.log.answer(of: unknown) }
    }

    @Test("the same proposal again is refused, with the index of the entry that is there")
    func duplicatesAreRefused() async throws {
        let filled = try await FilledRecordLog()
        for (place, client) in Captured.clients.enumerated() {
            let entry = try ProposedEntry(try Captured(client).request)
            await #expect(throws: RecordLogError.duplicate(of: LeafIndex(UInt64(place + 1)))) {
                try await filled.log.answer(appending: entry)
            }
        }
    }

    @Test(
        "entries are retrieved by index, name, leaf hash and proposal, in that order of kinds; missing ones are left out"
    )
    func entriesAreRetrieved() async throws {
        let filled = try await FilledRecordLog()
        let ids = Captured.clients.compactMap { filled.answers[$0]?.id }
        let proposal = String(decoding: try Captured("py-attest").request, as: UTF8.self)
        let unknown = String(repeating: "00", count: 32)
        let found = try await filled.retrieve(
            """
            {"logIndexes": [1, 99, 5], "entryUUIDs": ["\(ids[1])", "\(unknown)", "\(hex(ids[2].leafHash.bytes))"],
             "entries": [\(proposal)]}
            """
        )
        #expect(found == [ids[1], ids[2], ids[3], ids[0], ids[4]])
        #expect(try await filled.retrieve("{}").isEmpty)
        #expect(try await filled.retrieve(#"{"logIndexes": null}"#).isEmpty)
    }

    @Test(
        "questions that can't be understood are refused",
        arguments: [
            "", "[]", #"{"logIndexes": [0,1,2,3,4,5,6,7,8,9,10]}"#, #"{"logIndexes": [-1]}"#, #"{"logIndexes": ["1"]}"#,
            #"{"logIndexes": [1.5]}"#, #"{"entryUUIDs": ["ab"]}"#, #"{"entryUUIDs": [1]}"#, #"{"entryUUIDs": "ab"}"#,
            #"{"entries": [{}]}"#, #"{"entries": [1]}"#,
        ]
    )
    func badQuestionsAreRefused(question: String) {
        #expect(throws: LogReadError.self) { try EntryQuery(Array(question.utf8)) }
    }

    @Test("gitsign finds its commit by the certificate, as it asked Rekor")
    func gitsignFindsItsCommit() async throws {
        let filled = try await FilledRecordLog()
        let exchange = try JSON.parse(try Captured.file("gitsign-search.json"))
        let found = try await filled.find(try #require(exchange["request"]?.string))
        #expect(found == [try #require(filled.answers["gitsign-commit"]?.id)])
    }

    @Test(
        "entries are found by hash, email and subject, the newest first; of several conditions one or all must be met"
    )
    func entriesAreFound() async throws {
        let filled = try await FilledRecordLog()
        let ids = Captured.clients.compactMap { filled.answers[$0]?.id }
        let artifact = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"
        let blobs = [ids[3], ids[2], ids[1], ids[0]]
        #expect(try await filled.find(#"{"hash": "\#(artifact)"}"#) == blobs)
        #expect(try await filled.find(#"{"hash": "sha256:\#(artifact.uppercased())"}"#) == blobs)
        #expect(try await filled.find(#"{"hash": "sha512:\#(artifact)"}"#).isEmpty)
        #expect(try await filled.find(#"{"email": "ALICE@example.com"}"#) == Array(ids.reversed()))
        #expect(try await filled.find(#"{"subject": "alice@example.com"}"#) == Array(ids.reversed()))
        let commit = "2ba5541b10d651601e87bd3634ffd26196cec95d3779342142898dbee05a9222"
        let both = #""hash": "\#(commit)", "email": "alice@example.com""#
        #expect(try await filled.find("{\(both)}").count == 5)
        #expect(try await filled.find("{\(both), \"operator\": \"and\"}") == [ids[4]])
        #expect(try await filled.find("{}").isEmpty)
        #expect(try await filled.find(#"{"email": "", "hash": "", "publicKey": null}"#).isEmpty)
    }

    @Test("an entry of Rekor v2 is found by its digest and its key")
    func secondVersionIsFound() async throws {
        let filled = try await FilledRecordLog()
        let id = filled.log.entryID(filled.second.record.leafHash)
        let entry = try JSON.parse(filled.second.record.body)["spec"]?["hashedRekordV002"]
        let digest = try Base64.decode(try #require(entry?["data"]?["digest"]?.utf8Bytes))
        #expect(try await filled.find(#"{"hash": "\#(hex(digest))"}"#) == [id])
        let verifier = entry?["signature"]?["verifier"]?["publicKey"]?["rawBytes"]?.utf8Bytes
        let pem = PEMBlock(label: "PUBLIC KEY", bytes: try Base64.decode(try #require(verifier))).text
        let content = Base64.encode(Array(pem.utf8))
        #expect(try await filled.find(#"{"publicKey": {"format": "x509", "content": "\#(content)"}}"#) == [id])
    }

    @Test(
        "searches that can't be understood are refused",
        arguments: [
            "", "[]", #"{"hash": "abc"}"#, #"{"hash": "ab"}"#, #"{"hash": "a:b:c"}"#, #"{"hash": 1}"#, #"{"email": 1}"#,
            #"{"operator": "xor"}"#, #"{"publicKey": "x"}"#, #"{"publicKey": {"format": "pgp", "content": "AAAA"}}"#,
            #"{"publicKey": {"format": "x509"}}"#, #"{"publicKey": {"format": "x509", "content": "AAAA"}}"#,
        ]
    )
    func badSearchesAreRefused(question: String) {
        #expect(throws: LogReadError.self) { try IndexQuery(Array(question.utf8)) }
    }

    @Test("the newest tree is shown with a checkpoint that verifies")
    func treeIsShown() async throws {
        let filled = try await FilledRecordLog()
        let info = try JSON.parse(try await filled.log.treeInfo().encoded())
        let root = try #require(info["rootHash"]?.string)
        #expect(info["treeSize"]?.integer == 7)
        #expect(info["treeID"]?.string == "\(filled.log.treeID)")
        #expect(info["inactiveShards"]?.elements?.isEmpty ?? false)
        let note = try SignedNote(encoded: try #require(info["signedTreeHead"]?.utf8Bytes))
        #expect(note.text == "log.example - \(filled.log.treeID)\n7\n\(Base64.encode(bytes(root)))\n")
        try filled.log.publicKey.verify(
            note.signatures[0].signature,
            over: Array(note.text.utf8),
            with: .ecdsa(.sha256)
        )
        // The tree is the one of Rekor v2.
        let head = try filled.open.head(try await filled.log.reader.head().checkpoint)
        #expect(hex(head.root.bytes) == root)
    }

    @Test("one tree is shown to be a prefix of another, from size 1 unless another is named")
    func consistencyIsShown() async throws {
        let filled = try await FilledRecordLog()
        func proof(_ parameters: [String: String]) async throws -> (hashes: [MerkleHash], root: MerkleHash) {
            let json = try JSON.parse(try await filled.log.consistency(LogParameters(parameters)).encoded())
            let hashes = (json["hashes"]?.elements ?? []).compactMap { MerkleHash(bytes: bytes($0.string ?? "")) }
            return (hashes, try #require(MerkleHash(bytes: bytes(json["rootHash"]?.string ?? ""))))
        }
        let first = try #require(try await filled.log.record(at: LeafIndex(0)))
        for parameters in [["lastSize": "7"], ["lastSize": "7", "firstSize": "1", "treeID": ""]] {
            let (hashes, root) = try await proof(parameters)
            try ConsistencyProof(from: TreeSize(1), to: TreeSize(7), path: hashes)
                .verify(oldRoot: first.leafHash, newRoot: root)
        }
        #expect(try await proof(["firstSize": "7", "lastSize": "7", "treeID": "\(filled.log.treeID)"]).hashes.isEmpty)
        let refused: [[String: String]] = [
            [:], ["lastSize": "0"], ["lastSize": "8"], ["firstSize": "0", "lastSize": "1"], ["lastSize": "-1"],
            ["firstSize": "3", "lastSize": "2"], ["firstSize": "", "lastSize": "2"], ["lastSize": "2", "treeID": "1"],
        ]
        for parameters in refused {
            await #expect(throws: LogReadError.self, "\(parameters)") { try await proof(parameters) }
        }
    }

    @Test("the public key is shown for this tree and for no other")
    func publicKeyIsShown() async throws {
        let log = try await OpenRecordLog().log
        for parameters in [[:], ["treeID": ""], ["treeID": "\(log.treeID)"]] {
            #expect(try PublicKey(pem: Array(log.publicKeyPEM(LogParameters(parameters)).utf8)) == log.publicKey)
        }
        for other in ["1", "x", "0\(log.treeID)"] {
            #expect(throws: LogReadError.self) { try log.publicKeyPEM(LogParameters(["treeID": other])) }
        }
    }
}
