import Keys
import TestKit
import Testing
import Transparency
import Wire

@testable import RecordLog

@Suite("Rekor v1: ids, promises and checkpoints")
struct EntryProofTests {
    private static func logKey() throws -> PublicKey { try PublicKey(pem: try Captured.file("log.pub")) }

    @Test(
        "the promises that real clients accepted are over the bytes that are signed here",
        arguments: Captured.clients
    )
    func capturedPromisesVerify(client: String) throws {
        let captured = try Captured(client)
        let key = try Self.logKey()
        let promise = try #require(captured.entry["verification"]?["signedEntryTimestamp"]?.utf8Bytes)
        let signed = SignedEntryTimestamp.signedData(
            body: captured.body,
            index: LeafIndex(UInt64(try #require(captured.entry["logIndex"]?.integer))),
            integratedTimeSeconds: try #require(captured.entry["integratedTime"]?.integer),
            logID: LogID(of: key)
        )
        try key.verify(try Base64.decode(promise), over: signed, with: .ecdsa(.sha256))
    }

    @Test("a promise is the log key's over the canonical JSON")
    func promisesVerify() throws {
        let key = try SigningKey.generate(.p256)
        let promise = try SignedEntryTimestamp(
            body: [1, 2, 3],
            index: LeafIndex(7),
            integratedTimeSeconds: 1_795_472_615,
            key: key
        )
        let id = Hexadecimal.encode(LogID(of: key.publicKey).bytes)
        let text = #"{"body":"AQID","integratedTime":1795472615,"logID":"\#(id)","logIndex":7}"#
        try key.publicKey.verify(promise.signature, over: Array(text.utf8), with: .ecdsa(.sha256))
    }

    @Test("a checkpoint has the form of the one that real clients accepted")
    func checkpointsHaveRekorsForm() throws {
        let captured = try Captured("gitsign-commit")
        let proof = try #require(captured.entry["verification"]?["inclusionProof"])
        let theirs = try SignedNote(encoded: try #require(proof["checkpoint"]?.utf8Bytes))
        let key = try SigningKey.generate(.p256)
        let host = try LogOrigin("127.0.0.1")
        let rootHex = try #require(proof["rootHash"]?.string)
        let root = try #require(MerkleHash(bytes: bytes(rootHex)))
        let id = try #require(EntryID(text: captured.id)?.tree)
        let size = TreeSize(UInt64(try #require(proof["treeSize"]?.integer)))
        let ours = try ShardCheckpoint(size: size, root: root, host: host, tree: id, key: key)
        let note = try SignedNote(encoded: ours.encoded)
        #expect(note.text == theirs.text)
        let line = try #require(note.signatures.first)
        #expect(line.name == host && note.signatures.count == 1)
        #expect(line.keyID.value == key.publicKey.sha256.bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) })
        try key.publicKey.verify(line.signature, over: Array(note.text.utf8), with: .ecdsa(.sha256))
        let theirLine = try #require(theirs.signatures.first)
        let logKey = try Self.logKey()
        #expect(theirLine.keyID.value == logKey.sha256.bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) })
    }

    @Test("a tree's number is positive, and the same for the same key")
    func treesHaveNumbers() throws {
        for _ in 0..<64 {
            let id = LogID(of: try SigningKey.generate(.p256).publicKey)
            let tree = TreeID(of: id)
            #expect(tree.value > 0 && tree == TreeID(of: id))
            #expect(tree.hex.count == 16 && Int64(tree.hex, radix: 16) == tree.value)
            #expect(TreeID(bytes: bytes(tree.hex)) == tree)
        }
        let zero = try #require(LogID(bytes: [UInt8](repeating: 0, count: 32)))
        let ones = try #require(LogID(bytes: [UInt8](repeating: 0xFF, count: 32)))
        #expect(TreeID(of: zero).value == 1)
        #expect(TreeID(of: ones).value == .max)
    }

    @Test("an entry's id has 64 or 80 digits, of either case")
    func entryIDsAreRead() throws {
        let digits = String(repeating: "ab", count: 32)
        let hash = try #require(MerkleHash(bytes: [UInt8](repeating: 0xAB, count: 32)))
        let plain = try #require(EntryID(text: digits.uppercased()))
        #expect(plain.tree == nil && plain.leafHash == hash && plain.description == digits)
        let whole = try #require(EntryID(text: "108e9186e8c5677a" + digits))
        #expect(whole.tree?.value == 1_193_050_959_916_656_506)
        #expect(whole.description == "108e9186e8c5677a" + digits)
        let others = [
            "", "ab", String(digits.dropLast()), String(digits.dropLast(2)), digits + "00", "0000000000000000" + digits,
            "8000000000000000" + digits, "108e9186e8c5677a" + digits + "00", digits.replacing("a", with: "g"),
        ]
        for text in others { #expect(EntryID(text: text) == nil, "\(text)") }
    }

    @Test("an answer has the shape of the one that real clients accepted", arguments: Captured.clients)
    func answersHaveRekorsShape(client: String) async throws {
        let captured = try Captured(client)
        let open = try await OpenRecordLog()
        let proven = try await open.log.append(try ProposedEntry(captured.request).body)
        let answer = try LogEntryAnswer(proven, host: open.log.origin, key: open.key)
        let json = try JSON.parse(answer.json.encoded())
        let leafHash = try #require(EntryID(text: captured.id)).leafHash
        #expect(json.members?.map(\.name) == [TreeID(of: open.log.logID).hex + Hexadecimal.encode(leafHash.bytes)])
        let entry = try #require(json.members?.first?.value)
        #expect(Self.shape(entry) == Self.shape(captured.entry))
    }

    /// The names and kinds of all members.
    private static func shape(_ json: JSON, _ path: String = "") -> Set<String> {
        guard let members = json.members else { return ["\(path): \(json.kind)"] }
        return members.reduce(into: []) { $0.formUnion(shape($1.value, "\(path).\($1.name)")) }
    }
}
