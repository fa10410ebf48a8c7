import Keys
import Log
import LogTestKit
import Testing
import Transparency
import Wire

@testable import RecordLog

/// What whoever can write the database could change, and that nothing is signed of it.
@Suite("The record log signs nothing that the store made up")
struct StoredDamageTests {
    private let open: OpenRecordLog
    private let third: MerkleHash

    init() async throws {
        open = try await OpenRecordLog()
        for text in ["a", "b", "c", "d"] { _ = try await open.log.append(OpenRecordLog.body(text)) }
        third = try OpenRecordLog.body("c").leafHash
        // What has been verified before must not stand for what is changed after.
        _ = try await open.log.treeInfo()
        _ = try await open.log.answer(at: LeafIndex(3))
    }

    private func change(_ index: Int, leafHash: MerkleHash? = nil, to body: RecordBody) {
        open.store.tamper { contents in
            let row = contents.rows[index]
            contents.rows[index] = StoredEntry(
                index: row.index,
                timestamp: row.timestamp,
                leafHash: leafHash ?? body.leafHash,
                stored: body.stored
            )
        }
    }

    private func changeHead(_ change: (StoredHead) throws -> StoredHead) throws {
        let head = try #require(open.store.snapshot().stored)
        let changed = try change(head)
        open.store.tamper { $0.stored = changed }
    }

    private func expectNoTree() async {
        await #expect(throws: LogReadError.damaged) { try await open.log.treeInfo() }
        await #expect(throws: LogReadError.damaged) {
            try await open.log.consistency(LogParameters(["lastSize": "5"]))
        }
        await expectNoEntry()
    }

    private func expectNoEntry() async {
        await #expect(throws: LogReadError.damaged) { try await open.log.answer(at: LeafIndex(3)) }
        await #expect(throws: LogReadError.damaged) { try await open.log.answer(of: EntryID(leafHash: third)) }
    }

    @Test("a body that isn't the leaf hash's")
    func changedBody() async throws {
        change(3, leafHash: third, to: try OpenRecordLog.body("e"))
        await expectNoEntry()
    }

    @Test("a body with its own leaf hash, which the tree doesn't have")
    func changedEntry() async throws {
        change(3, to: try OpenRecordLog.body("e"))
        await expectNoEntry()
        // Its neighbours are as they were.
        _ = try await open.log.answer(at: LeafIndex(2))
    }

    @Test("a body with its own leaf hash in the hash tile too, and a tree of them")
    func changedTree() async throws {
        let body = try OpenRecordLog.body("e")
        change(3, to: body)
        open.store.tamper { contents in
            let hashes = contents.rows.map(\.leafHash)
            contents.tiles[[0, 0]] = hashes.flatMap(\.bytes)
            contents.places[body.leafHash] = LeafIndex(3)
        }
        await expectNoEntry()
        await #expect(throws: LogReadError.damaged) {
            try await open.log.answer(of: EntryID(leafHash: body.leafHash))
        }
        let root = MerkleTree.root(of: open.store.snapshot().rows.map(\.leafHash))
        try changeHead { head in
            StoredHead(
                tree: TreeHead(size: head.tree.size, root: root, timestamp: head.tree.timestamp),
                checkpoint: head.checkpoint
            )
        }
        await expectNoTree()
        let other = try SigningKey.generate(.p256)
        try changeHead { head in
            let checkpoint = Checkpoint(origin: open.log.origin, size: head.tree.size, root: root)
            return StoredHead(tree: head.tree, checkpoint: try checkpoint.signed(with: other).encoded)
        }
        await expectNoTree()
    }

    @Test("another size or root than the signed checkpoint's")
    func changedHead() async throws {
        let whole = try #require(open.store.snapshot().stored)
        let tree = whole.tree
        let other = MerkleTree.emptyRoot
        for changed in [
            TreeHead(size: tree.size, root: other, timestamp: tree.timestamp),
            TreeHead(size: TreeSize(6), root: tree.root, timestamp: tree.timestamp),
        ] {
            try changeHead { _ in StoredHead(tree: changed, checkpoint: whole.checkpoint) }
            await expectNoTree()
        }
        try changeHead { _ in whole }
        _ = try await open.log.treeInfo()
    }

    @Test("an entry that the index of leaf hashes takes for another")
    func changedIndex() async throws {
        open.store.tamper { $0.places[third] = LeafIndex(2) }
        await #expect(throws: LogReadError.damaged) { try await open.log.answer(of: EntryID(leafHash: third)) }
    }
}
