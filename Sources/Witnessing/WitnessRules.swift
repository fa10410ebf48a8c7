import Transparency

/// The rules of a witness, without input or output (tlog-witness, "add-checkpoint").
///
/// For each log there is one state, the latest tree that was cosigned, and one transition:
///
/// ```
/// (nothing seen, size 0) ──▶ cosigned(size, root) ──▶ cosigned(size' ≥ size, root') ──▶ …
/// ```
/// 1. A tree follows the latest one only if the latest one is shown to be its prefix; an equally large one only if it is
///    the same.
/// 2. The state is kept before the signature leaves, and kept or left alone together with the comparison: see
///    ``Witness``.
enum WitnessRules {
    /// The tree to cosign. `latest` is the state of the request's log. Throws what the specification answers, in its
    /// order.
    static func judge(
        _ request: AddCheckpointRequest,
        of log: WitnessedLog,
        latest: WitnessedTree
    ) throws(WitnessRefusal) -> WitnessedTree {
        let head: TreeHead
        do { head = try log.verify(request.note) } catch { throw .notSigned }
        guard request.oldSize <= head.size else { throw .malformed }
        guard request.oldSize == latest.size else { throw .conflict(latest: latest.size) }
        guard head.size > .empty || head.root == MerkleTree.emptyRoot else { throw .inconsistent }
        let proof = ConsistencyProof(from: request.oldSize, to: head.size, path: request.proof)
        do { try proof.verify(oldRoot: latest.root, newRoot: head.root) } catch { throw .inconsistent }
        return WitnessedTree(size: head.size, root: head.root)
    }
}

/// The latest tree of a log that a witness has cosigned.
struct WitnessedTree: Sendable, Equatable {
    /// Before anything was cosigned.
    static let nothing = WitnessedTree(size: .empty, root: MerkleTree.emptyRoot)

    let size: TreeSize
    let root: MerkleHash
}
