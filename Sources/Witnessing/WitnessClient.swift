import Fetching
import Log
import Transparency

/// Asks one witness to cosign one checkpoint (tlog-witness, "add-checkpoint").
struct WitnessClient: Sendable {
    /// What came of it.
    enum Answer: Sendable, Equatable {
        /// Its cosignature, verified.
        case cosigned(NoteSignature)
        /// It has cosigned a larger tree.
        case ahead(TreeSize)
        /// It has cosigned a tree that isn't a prefix of ours.
        case forked
        /// Nothing; why.
        case failed(String)
    }

    /// The first question may be wrong about what the witness knows, and the second outrun by another asker.
    private static let triesMax = 3

    let peer: WitnessPolicy.Peer
    let policy: FetchPolicy
    let timeoutSeconds: Int
    let fetch: @Sendable (FetchRequest) async throws(FetchError) -> FetchResponse
    let prove: @Sendable (TreeSize, TreeSize) async throws(LogError) -> ConsistencyProof

    /// Asks; `known` is the size that the witness is believed to know.
    func cosign(_ note: SignedNote, size: TreeSize, known: TreeSize) async -> Answer {
        guard let url = peer.url else { return .failed("it has no URL") }
        var old = min(known, size)
        for _ in 0..<Self.triesMax {
            let request: AddCheckpointRequest
            let response: FetchResponse
            do {
                let proof = try await prove(old, size)
                request = AddCheckpointRequest(oldSize: old, proof: proof.path, note: note)
            } catch {
                return .failed("\(error)")
            }
            do throws(FetchError) {
                response = try await fetch(
                    FetchRequest(
                        url: url + "/add-checkpoint",
                        method: .post,
                        headers: [("Content-Type", "text/plain; charset=utf-8")],
                        body: request.encoded,
                        timeoutSeconds: timeoutSeconds,
                        responseBytesMax: AddCheckpointRequest.bytesMax,
                        policy: policy
                    )
                )
            } catch {
                return .failed("\(error)")
            }
            switch response.status {
            case 200: return cosignature(in: response.body, for: note)
            case 409:
                guard response.body.last == UInt8(ascii: "\n"), let latest = TreeSize(decimal: response.body.dropLast())
                else { return .failed("its answer can't be read") }
                guard latest <= size else { return .ahead(latest) }
                guard latest != old else { return .failed("it contradicts itself") }
                old = latest
            // Our proofs are right, so it is the tree that the witness knows that is another one.
            case 422: return .forked
            default: return .failed("it answered \(response.status)")
            }
        }
        return .failed("others ask it about larger and larger trees")
    }

    /// Parsed as the specification suggests: the checkpoint with the answer's lines below it is a note.
    private func cosignature(in body: [UInt8], for note: SignedNote) -> Answer {
        guard let answered = try? SignedNote(encoded: Array((note.text + "\n").utf8) + body) else {
            return .failed("its answer can't be read")
        }
        do throws(TransparencyError) {
            guard let line = try peer.cosigner.cosignature(on: answered) else {
                return .failed("it signed with another key than the configured one")
            }
            return .cosigned(line)
        } catch {
            return .failed("\(error)")
        }
    }
}
