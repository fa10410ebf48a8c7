import Files
public import Transparency

/// Witnesses behind an air gap: the request goes there and comes back as a file.
extension Cosigning {
    /// The request about the newest checkpoint, from the tree of size `old`; without one from the witnessed checkpoint,
    /// which is what each of these witnesses knows when all of them see every file. Throws `.log` and `.file`.
    public func carriedRequest(from old: TreeSize?) async throws(CosigningError) -> AddCheckpointRequest {
        let current = try await head()
        let bytes: [UInt8]?
        do { bytes = try WholeFile.read(path) } catch { throw .file(path: path, problem: "\(error)") }
        let witnessed = bytes.flatMap { try? SignedNote(encoded: $0) }.flatMap { try? Checkpoint(text: $0.text).size }
        let size = old ?? witnessed ?? .empty
        do {
            let proof = try await environment.prove(size, current.size)
            return AddCheckpointRequest(oldSize: size, proof: proof.path, note: current.note)
        } catch {
            throw .log(error)
        }
    }

    /// Publishes a checkpoint that came back, if it is of this log and enough witnesses have cosigned it. `name` names
    /// the file in errors. Returns the size of its tree.
    public func publish(_ carried: AddCheckpointRequest, from name: String) async throws(CosigningError) -> TreeSize {
        let tree = try await comparison.check(carried.note.encoded, from: name)
        let lines: [NoteSignature]
        do { lines = try cosignatures(on: carried.note) } catch { throw .file(path: name, problem: "\(error)") }
        guard lines.count >= policy.needed else {
            throw .policyNotMet(found: lines.count, needed: policy.needed)
        }
        do {
            let old = try WholeFile.read(path).flatMap { try? SignedNote(encoded: $0) }
            if let old, let size = try? Checkpoint(text: old.text).size, size > tree.size {
                throw CosigningError.alreadyWitnessed(size: size)
            }
            let note = try SignedNote(text: carried.note.text, signatures: log.ownLines(of: carried.note) + lines)
            try WholeFile.replace(path, with: note.encoded)
            return tree.size
        } catch let error as CosigningError {
            throw error
        } catch {
            throw .file(path: path, problem: "\(error)")
        }
    }
}
