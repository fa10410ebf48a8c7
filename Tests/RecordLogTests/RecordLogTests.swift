import Keys
import Log
import LogTestKit
import RecordLog
import Testing
import Transparency
import Wire

/// A record log in memory.
struct OpenRecordLog {
    let store: MemoryLogStore
    let clock = TestClock()
    let key: SigningKey
    let log: RecordLog

    init() async throws {
        store = MemoryLogStore()
        key = try SigningKey.generate(.p256)
        log = try await RecordLog.create(in: store, key: key, origin: LogOrigin("log.example"), clock: clock.now)
    }

    /// An entry that says `text`.
    static func body(_ text: String) throws -> RecordBody {
        try RecordBody(.object([("kind", .string("test")), ("text", .string(text))]))
    }

    /// The head of a checkpoint, its signature verified.
    func head(_ checkpoint: [UInt8]) throws -> Checkpoint {
        try Checkpoint(verifying: SignedNote(encoded: checkpoint), origin: LogOrigin("log.example"), key: key.publicKey)
    }

    /// Throws unless the record is what the log says it is.
    func verify(_ proven: ProvenRecord) throws {
        let head = try head(proven.checkpoint)
        #expect(head.size == proven.proof.size && head.root == proven.root)
        #expect(proven.record.leafHash == MerkleTree.leafHash(proven.record.body))
        try proven.proof.verify(leafHash: proven.record.leafHash, root: head.root)
    }
}

@Suite("The record log")
struct RecordLogTests {
    @Test func beginsWithAnEntryOfItsOwn() async throws {
        let open = try await OpenRecordLog()
        let first = try #require(try await open.log.provenRecord(at: LeafIndex(0)))
        try open.verify(first)
        let entry = try JSON.parse(first.record.body)["spec"]?["hashedRekordV002"]
        let digest = try #require(entry?["data"]?["digest"]?.string)
        #expect(try Base64.decode(digest) == SHA256Digest(hashing: open.key.publicKey.subjectPublicKeyInfo).bytes)
        let verifier = entry?["signature"]?["verifier"]?["publicKey"]?["rawBytes"]?.string
        #expect(try Base64.decode(#require(verifier)) != open.key.publicKey.subjectPublicKeyInfo)
    }

    @Test func appendedEntryHasAnIndexAHashAndAProof() async throws {
        let open = try await OpenRecordLog()
        for number in 1...20 {
            let proven = try await open.log.append(OpenRecordLog.body("\(number)"))
            #expect(proven.record.index == LeafIndex(UInt64(number)))
            #expect(!proven.proof.path.isEmpty)
            try open.verify(proven)
        }
        for number in 1...20 {
            let proven = try #require(try await open.log.provenRecord(at: LeafIndex(UInt64(number))))
            try open.verify(proven)
            #expect(proven.record.body == (try OpenRecordLog.body("\(number)")).bytes)
            #expect(try await open.log.index(ofLeafHash: proven.record.leafHash) == proven.record.index)
        }
        #expect(try await open.log.provenRecord(at: LeafIndex(21)) == nil)
    }

    @Test func timeIsTheLogsInSeconds() async throws {
        let open = try await OpenRecordLog()
        let proven = try await open.log.append(OpenRecordLog.body("a"))
        #expect(proven.record.integratedSeconds == 1_700_000_000)
        #expect(try await open.log.record(at: proven.record.index) == proven.record)
    }

    @Test func sameEntryTwiceIsADuplicate() async throws {
        let open = try await OpenRecordLog()
        let first = try await open.log.append(OpenRecordLog.body("a"))
        await #expect(throws: RecordLogError.duplicate(of: first.record.index)) {
            try await open.log.append(OpenRecordLog.body("a"))
        }
        #expect(await open.log.size() == TreeSize(2))
        #expect(try await open.log.append(OpenRecordLog.body("b")).record.index == LeafIndex(2))
    }

    @Test func ofManyAtOnceEachGetsItsOwnPlaceAndTwinsShareOne() async throws {
        let open = try await OpenRecordLog()
        let results = await withTaskGroup(of: Result<ProvenRecord, RecordLogError>.self) { group in
            for number in 0..<400 {
                group.addTask {
                    do throws(RecordLogError) {
                        guard let body = try? OpenRecordLog.body("\(number / 2)") else { throw .log(.entryRefused) }
                        return .success(try await open.log.append(body))
                    } catch {
                        return .failure(error)
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let proven = results.compactMap { try? $0.get() }
        for record in proven { try open.verify(record) }
        #expect(proven.count == 200 && Set(proven.map(\.record.index)).count == 200)
        let duplicates = results.compactMap { result -> LeafIndex? in
            guard case .failure(.duplicate(let index)) = result else { return nil }
            return index
        }
        #expect(Set(duplicates) == Set(proven.map(\.record.index)))
        #expect(await open.log.size() == TreeSize(201))
    }

    @Test func opensAgainAndGoesOn() async throws {
        let open = try await OpenRecordLog()
        let first = try await open.log.append(OpenRecordLog.body("a"))
        await open.log.close()
        let again = try RecordLog.open(open.store, key: open.key, origin: open.log.origin, clock: open.clock.now)
        #expect(try await again.record(at: first.record.index) == first.record)
        await #expect(throws: RecordLogError.duplicate(of: first.record.index)) {
            try await again.append(OpenRecordLog.body("a"))
        }
        try open.verify(try await again.append(OpenRecordLog.body("b")))
    }

    @Test func anotherKeyOrNameOrAChangedEntryDoesNotOpen() async throws {
        let open = try await OpenRecordLog()
        _ = try await open.log.append(OpenRecordLog.body("a"))
        let other = try SigningKey.generate(.p256)
        #expect(throws: RecordLogError.log(.damaged(.checkpointInvalid))) {
            try RecordLog.open(open.store, key: other, origin: open.log.origin, clock: open.clock.now)
        }
        #expect(throws: RecordLogError.log(.damaged(.checkpointInvalid))) {
            try RecordLog.open(open.store, key: open.key, origin: LogOrigin("other"), clock: open.clock.now)
        }
        open.store.tamper { contents in
            let row = contents.rows[1]
            contents.rows[1] = StoredEntry(
                index: row.index,
                timestamp: row.timestamp,
                leafHash: row.leafHash,
                stored: row.stored.dropLast() + [UInt8(ascii: " ")]
            )
        }
        #expect(throws: RecordLogError.log(.damaged(.entryChanged(LeafIndex(1))))) {
            try RecordLog.open(open.store, key: open.key, origin: open.log.origin, clock: open.clock.now)
        }
    }

    @Test func checkpointHasTheFormThatSigstoresClientsRead() async throws {
        let open = try await OpenRecordLog()
        let document = try await open.log.document(at: "checkpoint")
        #expect(document.contentType == "text/plain; charset=utf-8" && document.lifetime == .changing)
        let lines = String(decoding: document.bytes, as: UTF8.self).split(
            separator: "\n",
            omittingEmptySubsequences: false
        )
        #expect(lines.count == 6 && lines[0] == "log.example" && lines[1] == "1" && lines[3].isEmpty)
        #expect(lines[4].hasPrefix("\u{2014} log.example ") && lines[5].isEmpty)
        let signature = try Base64.decode(lines[4].split(separator: " ")[2])
        #expect(Array(signature.prefix(4)) == Array(open.log.logID.bytes.prefix(4)))
        #expect(open.log.logID.bytes == open.key.publicKey.sha256.bytes)
    }

    @Test func entryBundlesAndTilesLeadToTheCheckpoint() async throws {
        let open = try await OpenRecordLog()
        for number in 1...299 { _ = try await open.log.append(OpenRecordLog.body("\(number)")) }
        let root = try open.head(try await open.log.document(at: "checkpoint").bytes).root
        var hashes: [MerkleHash] = []
        for path in ["000", "001.p/44"] {
            let bundle = try await open.log.document(at: "tile/entries/" + path)
            #expect(bundle.contentType == "application/octet-stream" && bundle.lifetime == .immutable)
            var rest = bundle.bytes[...]
            while let high = rest.popFirst(), let low = rest.popFirst() {
                let count = Int(high) << 8 | Int(low)
                hashes.append(MerkleTree.leafHash(Array(rest.prefix(count))))
                rest = rest.dropFirst(count)
            }
        }
        #expect(hashes.count == 300 && MerkleTree.root(of: hashes) == root)
        let tile = try await open.log.document(at: "tile/0/001.p/44")
        #expect(tile.bytes == hashes[256...].flatMap(\.bytes))
        for path in [
            "", "tile/data/000", "tile/entries/002", "tile/entries/001", "tile/1/001", "entries/000", "issuer/a",
        ] {
            await #expect(throws: LogReadError.notFound) { try await open.log.document(at: path) }
        }
    }

    @Test func answerHasEveryFieldOfATransparencyLogEntry() async throws {
        let open = try await OpenRecordLog()
        let proven = try await open.log.append(OpenRecordLog.body("a"))
        let answer = try JSON.parse(proven.transparencyLogEntry(of: open.log.logID))
        #expect(answer["logIndex"]?.string == "1" && answer["integratedTime"]?.string == "0")
        #expect(answer["logId"]?["keyId"]?.string == Base64.encode(open.log.logID.bytes))
        #expect(answer["kindVersion"]?["kind"]?.string == "hashedrekord")
        #expect(answer["kindVersion"]?["version"]?.string == "0.0.2")
        #expect(answer["inclusionPromise"]?.isNull == true)
        let proof = answer["inclusionProof"]
        #expect(proof?["logIndex"]?.string == "1" && proof?["treeSize"]?.string == "2")
        #expect(proof?["rootHash"]?.string == Base64.encode(proven.root.bytes))
        #expect(proof?["hashes"]?.elements?.count == 1)
        #expect(proof?["checkpoint"]?["envelope"]?.utf8Bytes == proven.checkpoint)
        #expect(answer["canonicalizedBody"]?.string == Base64.encode(proven.record.body))
    }
}
