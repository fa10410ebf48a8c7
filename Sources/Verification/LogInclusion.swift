import Keys
import Transparency

/// An entry's proof of inclusion, up to a checkpoint that the log signed.
struct LogInclusion {
    let entry: LogEntry
    let inclusion: LogEntry.Inclusion

    /// Returns when the proof leads from the entry's body to the root that the log signed. The checkpoint's size and root
    /// count; where the proof names them too, they must be the same.
    ///
    /// Throws `.hostMissing`, the cases of checkpoints, `.proofMismatch` and `.notIncluded`.
    func verify(_ log: TrustedLog) throws(LogProblem) {
        let checkpoint = try RecordCheckpoint(inclusion.checkpoint)
        if entry.kind.isVersion2 {
            try checkpoint.verifyVersion2(log)
        } else {
            try checkpoint.verifyVersion1(log)
        }
        // A Rekor v2 log has no other shards that its entries' places would count.
        let index = entry.kind.isVersion2 ? entry.index : inclusion.index
        let isSamePlace = inclusion.index == index || inclusion.index == LeafIndex(0)
        let isSameTree =
            (inclusion.size == .empty || inclusion.size == checkpoint.size)
            && (inclusion.root == nil || inclusion.root == checkpoint.root)
        guard isSamePlace, isSameTree else { throw .proofMismatch }
        do {
            try InclusionProof(index: index, size: checkpoint.size, path: inclusion.path).verify(
                leafHash: MerkleTree.leafHash(entry.body),
                root: checkpoint.root
            )
        } catch {
            throw .notIncluded
        }
    }
}
