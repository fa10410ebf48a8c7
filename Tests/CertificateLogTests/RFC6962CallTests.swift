import CertificateLog
import Certificates
import Keys
import Log
import Testing
import Transparency
import Wire

@Suite("RFC 6962 §4: reading the embedded log")
struct RFC6962CallTests {
    @Test("§4.3")
    func signedTreeHeadIsTheCheckpointsSignature() async throws {
        let open = try OpenCertificateLog()
        try await open.fill(3)
        let answer = try await open.call("get-sth")
        let root = MerkleHash(bytes: try answer.bytes("sha256_root_hash"))
        let head = TreeHead(
            size: TreeSize(try answer.number("tree_size")),
            root: try #require(root),
            timestamp: EntryTimestamp(milliseconds: try answer.number("timestamp"))
        )
        let signed = SignedTreeHead(
            head: head,
            signature: try DigitallySigned(encoded: try answer.bytes("tree_head_signature"))
        )
        try signed.verify(key: open.key.publicKey)
        #expect(signed == (try await open.head()))
    }

    @Test("§4.6")
    func entriesLeadToTheSignedRootAndCarryWhatWasSubmitted() async throws {
        let open = try OpenCertificateLog()
        _ = try await open.log.appendIssuingCertificate()
        var submissions: [TestSubmission] = []
        for index in 0..<5 { submissions.append(try await open.issue("jane\(index)@example.com").0) }
        let answer = try await open.call("get-entries", ["start": "0", "end": "5"])
        let entries = try #require(answer["entries"]?.elements)
        let leaves = try entries.map { try $0.bytes("leaf_input") }
        #expect(MerkleTree.root(of: leaves.map { MerkleTree.leafHash($0) }) == (try await open.head().head.root))

        let (issuing, root) = (open.authority.issuing.der, open.authority.root.der)
        #expect(try TimestampedEntry(merkleTreeLeaf: leaves[0]).entry == .x509(certificate: issuing))
        var extra = TLSReader(try entries[0].bytes("extra_data"))
        #expect(try Self.certificates(try extra.vector24()) == [root])
        #expect(extra.isAtEnd)
        for (entry, submission) in zip(entries.dropFirst(), submissions) {
            #expect(try TimestampedEntry(merkleTreeLeaf: try entry.bytes("leaf_input")).entry == submission.entry)
            var extra = TLSReader(try entry.bytes("extra_data"))
            #expect(try extra.vector24() == submission.der)
            #expect(try Self.certificates(try extra.vector24()) == [issuing, root])
            #expect(extra.isAtEnd)
        }
    }

    private static func certificates(_ list: [UInt8]) throws -> [[UInt8]] {
        var reader = TLSReader(list)
        var certificates: [[UInt8]] = []
        while !reader.isAtEnd { certificates.append(try reader.vector24()) }
        return certificates
    }

    @Test(
        "§4.6",
        arguments: [(0, 0, 1), (0, 299, 256), (290, 299, 10), (290, 4_000, 10), (44, 299, 256), (299, 299, 1)]
    )
    func entriesAreBounded(start: Int, end: Int, count: Int) async throws {
        let open = try OpenCertificateLog()
        try await open.fill(300)
        let answer = try await open.call("get-entries", ["start": "\(start)", "end": "\(end)"])
        let entries = try #require(answer["entries"]?.elements)
        #expect(entries.count == count)
        let first = try TimestampedEntry(merkleTreeLeaf: try #require(entries.first).bytes("leaf_input"))
        #expect(try first.extensions.leafIndex() == LeafIndex(UInt64(start)))
    }

    @Test("§4.5")
    func everyEntryIsProvenByItsHashInEverySize() async throws {
        let open = try OpenCertificateLog()
        try await open.fill(20)
        let rows = open.memory.snapshot().rows
        for size in [1, 2, 7, 16, 20] {
            let root = MerkleTree.root(of: rows.prefix(size).map(\.leafHash))
            for row in rows.prefix(size) {
                let answer = try await open.call(
                    "get-proof-by-hash",
                    ["hash": Base64.encode(row.leafHash.bytes), "tree_size": "\(size)"]
                )
                let proof = InclusionProof(
                    index: LeafIndex(try answer.number("leaf_index")),
                    size: TreeSize(UInt64(size)),
                    path: try answer.hashes("audit_path")
                )
                #expect(proof.index == row.index)
                try proof.verify(leafHash: row.leafHash, root: root)
            }
        }
    }

    @Test("§4.5")
    func hashOfNoEntryOrOfALaterOneIsNotFound() async throws {
        let open = try OpenCertificateLog()
        try await open.fill(3)
        let last = Base64.encode(open.memory.snapshot().rows[2].leafHash.bytes)
        _ = try await open.call("get-proof-by-hash", ["hash": last, "tree_size": "3"])
        await #expect(throws: LogReadError.notFound) {
            try await open.call("get-proof-by-hash", ["hash": last, "tree_size": "2"])
        }
        let unknown = Base64.encode([UInt8](repeating: 1, count: 32))
        await #expect(throws: LogReadError.notFound) {
            try await open.call("get-proof-by-hash", ["hash": unknown, "tree_size": "3"])
        }
    }

    @Test("§4.4")
    func everySizeIsConsistentWithEveryLaterOne() async throws {
        let open = try OpenCertificateLog()
        try await open.fill(12)
        let hashes = open.memory.snapshot().rows.map(\.leafHash)
        for second in 1...12 {
            for first in 1...second {
                let answer = try await open.call("get-sth-consistency", ["first": "\(first)", "second": "\(second)"])
                let proof = ConsistencyProof(
                    from: TreeSize(UInt64(first)),
                    to: TreeSize(UInt64(second)),
                    path: try answer.hashes("consistency")
                )
                try proof.verify(
                    oldRoot: MerkleTree.root(of: Array(hashes.prefix(first))),
                    newRoot: MerkleTree.root(of: Array(hashes.prefix(second)))
                )
            }
        }
    }

    @Test("§4.8")
    func entryComesWithItsProof() async throws {
        let open = try OpenCertificateLog()
        try await open.fill(9)
        let answer = try await open.call("get-entry-and-proof", ["leaf_index": "4", "tree_size": "8"])
        let leaf = MerkleTree.leafHash(try answer.bytes("leaf_input"))
        let hashes = open.memory.snapshot().rows.prefix(8).map(\.leafHash)
        let proof = InclusionProof(index: LeafIndex(4), size: TreeSize(8), path: try answer.hashes("audit_path"))
        try proof.verify(leafHash: leaf, root: MerkleTree.root(of: hashes))
        #expect(try !answer.bytes("extra_data").isEmpty)
    }

    @Test("§4.7")
    func onlyOurOwnRootIsAccepted() async throws {
        let open = try OpenCertificateLog()
        let answer = try await open.call("get-roots")
        let roots = try #require(answer["certificates"]?.elements)
        #expect(roots.map(\.string) == [Base64.encode(open.authority.root.der)])
    }

    @Test(arguments: [
        ("get-entries", "start", ["end": "1"]), ("get-entries", "end", ["start": "0"]),
        ("get-entries", "start", ["start": "-1", "end": "1"]), ("get-entries", "start", ["start": "+1", "end": "1"]),
        ("get-entries", "start", ["start": "", "end": "1"]), ("get-entries", "start", ["start": "1.0", "end": "1"]),
        ("get-entries", "end", ["start": "1", "end": "0"]), ("get-entries", "start", ["start": "3", "end": "3"]),
        ("get-entries", "end", ["start": "0", "end": "18446744073709551616"]),
        ("get-entries", "start", ["start": "18446744073709551615", "end": "18446744073709551615"]),
        ("get-entries", "start", ["start": "٣", "end": "٣"]),
        ("get-proof-by-hash", "hash", ["tree_size": "3"]),
        ("get-proof-by-hash", "hash", ["hash": "AAAA", "tree_size": "3"]),
        ("get-proof-by-hash", "hash", ["hash": "?", "tree_size": "3"]),
        ("get-proof-by-hash", "tree_size", ["hash": "\(Base64.encode([UInt8](repeating: 1, count: 32)))"]),
        (
            "get-proof-by-hash", "tree_size",
            ["hash": "\(Base64.encode([UInt8](repeating: 1, count: 32)))", "tree_size": "0"]
        ),
        (
            "get-proof-by-hash", "tree_size",
            ["hash": "\(Base64.encode([UInt8](repeating: 1, count: 32)))", "tree_size": "4"]
        ),
        ("get-sth-consistency", "first", ["first": "0", "second": "3"]),
        ("get-sth-consistency", "first", ["first": "3", "second": "2"]),
        ("get-sth-consistency", "second", ["first": "1", "second": "4"]),
        ("get-sth-consistency", "second", ["first": "1"]), ("get-sth-consistency", "first", ["second": "1"]),
        ("get-entry-and-proof", "leaf_index", ["leaf_index": "3", "tree_size": "3"]),
        ("get-entry-and-proof", "leaf_index", ["leaf_index": "2", "tree_size": "2"]),
        ("get-entry-and-proof", "tree_size", ["leaf_index": "0", "tree_size": "4"]),
        ("get-entry-and-proof", "tree_size", ["leaf_index": "0", "tree_size": "0"]),
    ])
    func senselessQuestionNamesTheParameter(call: String, parameter: String, parameters: [String: String]) async throws
    {
        let open = try OpenCertificateLog()
        try await open.fill(3)
        await #expect {
            try await open.log.call(call, parameters)
        } throws: { error in
            guard case .badParameter(parameter, _) = error as? LogReadError else { return false }
            return true
        }
    }

    @Test(arguments: ["", "add-chain", "add-pre-chain", "get-sth/", "GET-STH", "get-everything"])
    func unknownCallIsNotFound(name: String) async throws {
        let open = try OpenCertificateLog()
        await #expect(throws: LogReadError.notFound) { try await open.log.call(name, [:]) }
    }

    @Test
    func storedEntryThatIsNoneIsDamaged() async throws {
        let open = try OpenCertificateLog()
        try await open.fill(2)
        open.memory.tamper { contents in
            let row = contents.rows[1]
            contents.rows[1] = StoredEntry(
                index: row.index,
                timestamp: row.timestamp,
                leafHash: row.leafHash,
                stored: row.stored.dropLast()
            )
        }
        await #expect(throws: LogReadError.damaged) {
            try await open.log.call("get-entries", ["start": "0", "end": "1"])
        }
    }

    @Test
    func unsignedHeadIsNotServedAsSigned() async throws {
        let open = try OpenCertificateLog()
        try await open.fill(2)
        open.memory.tamper { contents in
            guard let head = contents.stored else { return }
            contents.stored = StoredHead(tree: head.tree, checkpoint: head.checkpoint.dropLast(2) + [0x41, 0x0A])
        }
        await #expect(throws: LogReadError.damaged) { try await open.log.call("get-sth", [:]) }
    }
}
