import Keys
import Testing
import Transparency
import Wire

@Suite("Receipts")
struct ReceiptTests {
    private let key: SigningKey
    private let leaf = MerkleTree.leafHash([2])
    private let receipt: Receipt

    init() throws {
        key = try SigningKey.generate(.p256)
        var edge = TreeEdge()
        _ = try edge.append([MerkleTree.leafHash([0]), MerkleTree.leafHash([1])])
        let growth = try TreeGrowth(on: edge, leaves: [leaf, MerkleTree.leafHash([3])])
        let head = TreeHead(
            size: growth.size,
            root: try #require(growth.root),
            timestamp: EntryTimestamp(milliseconds: 1_700_000_000_000)
        )
        let origin = try LogOrigin("log.example/ct")
        let logID = LogID(of: key.publicKey)
        receipt = Receipt(
            logID: logID,
            proof: try growth.inclusionProof(of: LeafIndex(2)),
            checkpoint: try SignedTreeHead(signing: head, with: key).checkpoint(origin: origin, logID: logID).encoded
        )
    }

    private func refusal(_ receipt: Receipt, leaf: MerkleHash? = nil, origin: String? = nil) throws
        -> TransparencyError?
    {
        do throws(TransparencyError) {
            let origin = try origin.map { name throws(TransparencyError) in try LogOrigin(name) }
            _ = try receipt.verify(leafHash: leaf ?? self.leaf, key: key.publicKey, origin: origin)
            return nil
        } catch {
            return error
        }
    }

    @Test
    func receiptThatIsReadIsTheOneThatWasWritten() throws {
        #expect(try Receipt(encoded: receipt.encoded) == receipt)
        #expect(try Receipt(encoded: Array(Base64.encodeURL(receipt.encoded).utf8) + [0x0A]) == receipt)
        #expect(try refusal(receipt) == nil)
        #expect(try refusal(receipt, origin: "log.example/ct") == nil)
    }

    @Test
    func everyOtherLeafLogAndTreeIsRefused() throws {
        let another = try LogOrigin("other.example/ct")
        #expect(try refusal(receipt, leaf: MerkleTree.leafHash([3])) == .inclusionNotProven)
        #expect(try refusal(receipt, origin: another.name) == .originMismatch(expected: another))
        let other = LogID(of: try SigningKey.generate(.p256).publicKey)
        #expect(
            try refusal(Receipt(logID: other, proof: receipt.proof, checkpoint: receipt.checkpoint))
                == .logIDMismatch(expected: receipt.logID)
        )
        let larger = InclusionProof(index: LeafIndex(2), size: TreeSize(5), path: receipt.proof.path)
        #expect(
            try refusal(Receipt(logID: receipt.logID, proof: larger, checkpoint: receipt.checkpoint))
                == .malformed(.receipt)
        )
    }

    @Test
    func anyChangedByteOfTheCheckpointIsRefused() throws {
        for index in receipt.checkpoint.indices {
            var changed = receipt.checkpoint
            changed[index] ^= 1
            #expect(
                try refusal(Receipt(logID: receipt.logID, proof: receipt.proof, checkpoint: changed)) != nil,
                "byte \(index)"
            )
        }
    }

    @Test(arguments: [
        "", "{", "{}", "[]", "!!!!",
        #"{"logId":"AAAA","leafIndex":1,"treeSize":2,"inclusionProof":[],"checkpoint":""}"#,
    ])
    func anythingElseIsRefused(text: String) {
        #expect(throws: TransparencyError.malformed(.receipt)) { try Receipt(encoded: Array(text.utf8)) }
    }

    @Test(arguments: [
        ("\"leafIndex\":2", "\"leafIndex\":-1"), ("\"leafIndex\":2", "\"leafIndex\":\"2\""),
        ("\"treeSize\":4", "\"treeSize\":4.5"),
        ("[\"", "[\"A"), ("\"leafIndex\":2", "\"leafIndex\":2,\"leafIndex\":3"),
    ])
    func changedMemberIsRefused(old: String, new: String) {
        let text = String(decoding: receipt.encoded, as: UTF8.self)
        #expect(text.contains(old))
        #expect(throws: TransparencyError.malformed(.receipt)) {
            try Receipt(encoded: Array(text.replacing(old, with: new).utf8))
        }
    }
}
