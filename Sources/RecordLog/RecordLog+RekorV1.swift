public import Log
public import Transparency
public import Wire

/// Rekor's first API over the same tree. Entries of either version can be asked for in either way: here each has a promise
/// and a time, which Rekor v2 leaves to timestamp authorities.
extension RecordLog {
    /// The number of the tree.
    public var treeID: TreeID { TreeID(of: logID) }

    /// The name of an entry of this tree.
    public func entryID(_ leafHash: MerkleHash) -> EntryID { EntryID(tree: treeID, leafHash: leafHash) }

    /// Logs an entry that the log doesn't have yet, and answers for it: it is durable and covered by a checkpoint. CPU work,
    /// with a wait for the store in between. Throws `.duplicate`, `.log` and `.transparency`.
    public func answer(appending entry: ProposedEntry) async throws(RecordLogError) -> LogEntryAnswer {
        let proven = try await append(entry.body, keys: entry.keys)
        do { return try LogEntryAnswer(proven, host: origin, key: key) } catch { throw .transparency(error) }
    }

    /// The entry at an index. Throws `.notFound`, `.unavailable` and `.damaged`.
    public func answer(at index: LeafIndex) async throws(LogReadError) -> LogEntryAnswer {
        do throws(RecordLogError) {
            guard let proven = try await provenRecord(at: index) else { throw RecordLogError.log(.outsideLog) }
            do { return try LogEntryAnswer(proven, host: origin, key: key) } catch { throw .transparency(error) }
        } catch {
            throw LogReadError(error)
        }
    }

    /// The entry of this name. Throws `.notFound`, also for an entry of another tree, `.unavailable` and `.damaged`.
    public func answer(of id: EntryID) async throws(LogReadError) -> LogEntryAnswer {
        guard id.tree ?? treeID == treeID else { throw .notFound }
        let index = try await reader.serving { reader throws(LogError) in
            try await reader.index(ofLeafHash: id.leafHash)
        }
        guard let index else { throw .notFound }
        let answer = try await answer(at: index)
        guard answer.id.leafHash == id.leafHash else { throw .damaged }
        return answer
    }

    /// The entries that are asked for, in the order of the question, without those that aren't there. Throws `.unavailable`
    /// and `.damaged`.
    public func answers(to query: EntryQuery) async throws(LogReadError) -> [LogEntryAnswer] {
        var answers: [LogEntryAnswer] = []
        for wanted in query.wanted {
            do throws(LogReadError) {
                switch wanted {
                case .id(let id): answers.append(try await answer(of: id))
                case .index(let index): answers.append(try await answer(at: index))
                }
            } catch {
                guard error == .notFound else { throw error }
            }
        }
        return answers
    }

    /// The names of the newest entries that are looked for, ``Log/LogReader/foundMax`` at most, the newest first. Throws
    /// `.unavailable`.
    public func entryIDs(matching query: IndexQuery) async throws(LogReadError) -> [EntryID] {
        guard !query.keys.isEmpty else { return [] }
        let hashes = try await reader.serving { reader throws(LogError) in
            try await reader.leafHashes(ofKeys: query.keys, needsAll: query.needsAll)
        }
        return hashes.map { entryID($0) }
    }

    /// The newest tree: `GET /api/v1/log`. Throws `.unavailable` and `.damaged`.
    ///
    /// ```
    /// {"rootHash": hex, "treeSize": number, "signedTreeHead": note, "treeID": decimal, "inactiveShards": []}
    /// ```
    public func treeInfo() async throws(LogReadError) -> JSONText {
        let head = try await tree()
        let checkpoint: ShardCheckpoint
        do {
            checkpoint = try ShardCheckpoint(size: head.size, root: head.root, host: origin, tree: treeID, key: key)
        } catch {
            throw .unavailable(.signingFailed)
        }
        return .object([
            ("rootHash", .string(Hexadecimal.encode(head.root.bytes))),
            ("treeSize", .integer(Int64(clamping: head.size.value))),
            ("signedTreeHead", .string(String(decoding: checkpoint.encoded, as: UTF8.self))),
            ("treeID", .string("\(treeID)")),
            ("inactiveShards", .array([])),
        ])
    }

    /// The proof that one tree is a prefix of another: `GET /api/v1/log/proof`. The root is the newest tree's, as Rekor's
    /// is. Throws `.badParameter`, `.unavailable` and `.damaged`.
    ///
    /// ```
    /// firstSize, from 1, which is what is meant without it; lastSize; treeID
    /// {"rootHash": hex, "hashes": [hex]}
    /// ```
    public func consistency(_ parameters: LogParameters) async throws(LogReadError) -> JSONText {
        try checkTree(parameters)
        let first = TreeSize(parameters["firstSize"] == nil ? 1 : try parameters.number("firstSize"))
        let last = TreeSize(try parameters.number("lastSize"))
        guard first > .empty else { throw .badParameter("firstSize", rule: "must be at least 1") }
        guard first <= last else {
            throw .badParameter("firstSize", rule: "(\(first)) must be less than lastSize(\(last))")
        }
        let head = try await tree()
        guard last <= head.size else {
            throw .badParameter(
                "lastSize",
                rule: "(\(last)) is greater than what is currently observable(\(head.size))"
            )
        }
        let proof = try await reader.serving { reader throws(LogError) in
            try await reader.consistencyProof(from: first, to: last)
        }
        return .object([
            ("rootHash", .string(Hexadecimal.encode(head.root.bytes))),
            ("hashes", .array(proof.path.map { .string(Hexadecimal.encode($0.bytes)) })),
        ])
    }

    /// The log's public key in PEM: `GET /api/v1/log/publicKey`. Throws `.badParameter` for another tree.
    public func publicKeyPEM(_ parameters: LogParameters) throws(LogReadError) -> String {
        try checkTree(parameters)
        return publicKey.pem
    }

    private func tree() async throws(LogReadError) -> TreeHead {
        do { return try await verifiedHead().tree } catch { throw LogReadError(error) }
    }

    private func checkTree(_ parameters: LogParameters) throws(LogReadError) {
        // rekor-cli sends an empty one when it has none.
        guard let tree = parameters["treeID"], !tree.isEmpty, tree != "\(treeID)" else { return }
        throw .badParameter("treeID", rule: "must be \(treeID), or left out")
    }
}

extension LogReadError {
    /// What went wrong while an entry was read and signed for.
    fileprivate init(_ error: RecordLogError) {
        self =
            switch error {
            case .log(.outsideLog): .notFound
            case .log(.damaged): .damaged
            case .log(let error): .unavailable(error)
            case .transparency(.signingFailed), .transparency(.unsupportedLogKey): .unavailable(.signingFailed)
            case .transparency, .refused, .proposalRefused, .duplicate: .damaged
            }
    }
}
