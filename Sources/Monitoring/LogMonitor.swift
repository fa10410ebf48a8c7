public import Certificates
public import Keys
import Records
public import Transparency

/// Follows a log from one signed tree to the next, and looks at every entry on the way.
public struct LogMonitor: Sendable {
    /// Called with each entry, in order.
    public typealias Visitor = (CheckedEntry) async throws(MonitoringError) -> Void
    /// Called after each tile with how many entries of how many are done.
    public typealias Progress = (TreeSize, TreeSize) -> Void

    let source: any LogSource
    let key: PublicKey
    private let pinned: [Certificate]?
    private let records: (any RecordSource)?
    private let workers: Int

    /// Follows the log of `source`, which signs with `key`. `pinned` are the CA certificates that may be in it, nil for
    /// any; with `records` each certificate must be recorded. `workers` entries are looked at at a time.
    public init(
        source: any LogSource,
        key: PublicKey,
        pinned: [Certificate]? = nil,
        records: (any RecordSource)? = nil,
        workers: Int = 2
    ) {
        self.source = source
        self.key = key
        self.pinned = pinned
        self.records = records
        self.workers = max(1, workers)
    }

    /// The latest checkpoint, verified. Without `origin` the name is the one in it.
    public func checkpoint(origin: LogOrigin?) async throws(MonitoringError) -> SeenCheckpoint {
        let note = try await source.checkpoint()
        do { return try SeenCheckpoint(note: note, key: key, origin: origin) } catch { throw .fault(error) }
    }

    /// Recomputes the tree of `target` from the entries. With `isWhole` from the first entry on, passing the tree of
    /// `trusted`; else from that tree on. Returns when the signed root, and each hash tile on the way, is what the
    /// entries give. Throws `.fault` and what the source and `visit` throw.
    public func follow(
        from trusted: TreeHead?,
        to target: TreeHead,
        isWhole: Bool,
        serials: inout SerialMemory,
        progress: Progress = { _, _ in },
        visit: Visitor
    ) async throws(MonitoringError) {
        do throws(MonitoringError) {
            try await recompute(trusted, target, isWhole, &serials, progress, visit)
        } catch .fault(let fault) where fault.kind == .tilesWrong {
            // The hash tiles tell whether the log has forked, or shows other entries than it has.
            if let trusted, !(try await isConsistent(trusted, target)) {
                throw .fault(.inconsistent(from: trusted.size, to: target.size))
            }
            throw .fault(fault)
        }
    }

    private func recompute(
        _ trusted: TreeHead?,
        _ target: TreeHead,
        _ isWhole: Bool,
        _ serials: inout SerialMemory,
        _ progress: Progress,
        _ visit: Visitor
    ) async throws(MonitoringError) {
        var follower: LogFollower
        do throws(LogFault) {
            // Before anything is fetched: a log that has shrunk may not have the tiles any more.
            follower = try LogFollower(from: TreeEdge(), through: trusted, to: target)
        } catch {
            throw .fault(error)
        }
        if let trusted, !isWhole {
            let edge = try await edge(of: trusted)
            do { follower = try LogFollower(from: edge, through: trusted, to: target) } catch { throw .fault(error) }
        }
        var book = AuthorityBook(pinned: pinned)
        var latest =
            trusted.map { isWhole ? EntryTimestamp(milliseconds: 0) : $0.timestamp }
            ?? EntryTimestamp(milliseconds: 0)
        var fetched = await fetch(follower.next)
        while follower.next != nil {
            let following = follower.nextButOne
            let step = try accept(try fetched.get(), &follower)
            async let ahead = fetch(following)
            for tile in step.tiles {
                guard try await source.hashTile(tile.id) == tile else {
                    throw .fault(.tileContradictsEntries(tile.id))
                }
            }
            let recorded = try await recorded(step.entries)
            for (position, var entry) in try await check(step.entries, &book).enumerated() {
                if let key = entry.serialKey, !serials.insert(key) {
                    entry.findings.append(Finding(.serialRepeated, "this CA has used the serial number before"))
                }
                if entry.timestamp < latest {
                    entry.findings.append(Finding(.timeWentBack, "the entry is dated before an earlier one"))
                }
                if entry.timestamp > target.timestamp {
                    entry.findings.append(Finding(.timeWentBack, "the checkpoint is dated before the entry"))
                }
                latest = max(latest, entry.timestamp)
                if let promised = entry.promised, let reason = try await broken(promised, in: target) {
                    entry.findings.append(Finding(.promiseBroken, "\(reason)"))
                }
                if let recorded, entry.isPrecertificate { compare(&entry, with: recorded[position]) }
                try await visit(entry)
            }
            progress(follower.edge.size, target.size)
            fetched = await ahead
        }
        do { try follower.finish() } catch { throw .fault(error) }
    }

    /// Why the log's promise in a certificate that was handed in isn't kept; nil when it is.
    private func broken(
        _ promised: CheckedEntry.Promised,
        in target: TreeHead
    ) async throws(MonitoringError) -> BrokenPromise? {
        switch try await checkPromise(of: promised.certificate, issuer: promised.issuer, in: target) {
        case .success: return nil
        case .failure(let reason): return reason
        }
    }

    private func accept(
        _ leaves: [TileLeaf],
        _ follower: inout LogFollower
    ) throws(MonitoringError) -> LogFollower.Step {
        do { return try follower.accept(leaves) } catch { throw .fault(error) }
    }

    private func fetch(_ id: TileID?) async -> Result<[TileLeaf], MonitoringError> {
        guard let id else { return .success([]) }
        do throws(MonitoringError) { return .success(try await source.leaves(id)) } catch { return .failure(error) }
    }

    /// The edge of a tree that was proven before, from the log's own hash tiles: believed once it has the signed root.
    private func edge(of trusted: TreeHead) async throws(MonitoringError) -> TreeEdge {
        var tiles: [TileID: [UInt8]] = [:]
        for id in trusted.size.edgeTiles { tiles[id] = try await source.hashTile(id).bytes }
        guard let edge = try? TreeEdge(size: trusted.size, tiles: tiles), edge.root == trusted.root else {
            throw .fault(.inconsistent(from: trusted.size, to: trusted.size))
        }
        return edge
    }

    /// Whether the log's hash tiles lead from the one signed root to the other.
    private func isConsistent(_ trusted: TreeHead, _ target: TreeHead) async throws(MonitoringError) -> Bool {
        guard let plan = try? ProofPlan.consistency(from: trusted.size, to: target.size) else { return false }
        var tiles: [TileID: [UInt8]] = [:]
        do throws(MonitoringError) {
            for id in plan.tiles { tiles[id] = try await source.hashTile(id).bytes }
        } catch .fault {
            return false
        }
        guard let path = try? plan.hashes(from: tiles) else { return false }
        let proof = ConsistencyProof(from: trusted.size, to: target.size, path: path)
        return (try? proof.verify(oldRoot: trusted.root, newRoot: target.root)) != nil
    }

    /// Looks at the entries, several at a time.
    private func check(
        _ entries: [LoggedEntry],
        _ book: inout AuthorityBook
    ) async throws(MonitoringError) -> [CheckedEntry] {
        var work: [(LoggedEntry, AuthorityBook.Authority, isKnown: Bool)] = []
        for entry in entries {
            let authority = try await book.authority(entry.leaf.chain, from: source)
            var isKnown = false
            switch entry.leaf.timestamped.entry {
            case .x509(let der): isKnown = book.knows(SHA256Digest(hashing: der))
            case .precertificate: book.learn(entry.leaf.chain)
            }
            work.append((entry, authority, isKnown))
        }
        let share = max(1, (work.count + workers - 1) / workers)
        let shares = stride(from: 0, to: work.count, by: share).map { work[$0..<min($0 + share, work.count)] }
        return await withTaskGroup(of: (Int, [CheckedEntry]).self) { group in
            for (number, share) in shares.enumerated() {
                group.addTask {
                    (number, share.map { EntryCheck.run($0.0, authority: $0.1, isKnown: $0.2, log: key) })
                }
            }
            var done = [[CheckedEntry]](repeating: [], count: shares.count)
            for await (number, entries) in group { done[number] = entries }
            return Array(done.joined())
        }
    }

    /// The record of each entry; nil where records can't be reached.
    private func recorded(_ entries: [LoggedEntry]) async throws(MonitoringError) -> [IssuanceRecord?]? {
        guard let records, let first = entries.first else { return nil }
        let recorded = try await records.records(from: first.index, count: entries.count)
        guard recorded.count == entries.count else { throw .recordsUnavailable }
        return recorded
    }

    private func compare(_ entry: inout CheckedEntry, with record: IssuanceRecord?) {
        guard let record else {
            entry.findings.append(Finding(.recordMissing, "the issuance record has no such certificate"))
            return
        }
        let isSame =
            record.decision == .issued && record.precertificate == entry.fingerprint
            && record.serialHex == entry.serialHex && record.timestamp == entry.timestamp
        if !isSame { entry.findings.append(Finding(.recordDiffers, "the issuance record is of another certificate")) }
    }
}
