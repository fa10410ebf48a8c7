public import Keys

/// What can be wrong with the structures that logs exchange.
public enum TransparencyError: Error, Equatable, Sendable {
    /// A structure doesn't have the bytes its specification asks for.
    case malformed(Structure)
    /// A number of a structure doesn't fit the room its specification gives it.
    case tooLarge(Structure)
    /// A tile index, level or width that no tree can have.
    case tileOutOfRange
    /// The entry is not in the tree: a proof was asked for beyond its end.
    case indexOutsideTree(index: LeafIndex, size: TreeSize)
    /// A consistency proof was asked for from a larger tree to a smaller one.
    case treeShrinks(from: TreeSize, to: TreeSize)
    /// A tile that a proof needs was not given, or is shorter than the tree's size says.
    case tileMissing(TileID)
    /// The hashes of an inclusion proof don't lead from the leaf to the root.
    case inclusionNotProven
    /// The hashes of a consistency proof don't lead to both roots.
    case consistencyNotProven
    /// The checkpoint is of another log.
    case originMismatch(expected: LogOrigin)
    /// No signature on the note is by the expected key.
    case notSigned(by: LogOrigin)
    /// The timestamp is of another log.
    case logIDMismatch(expected: LogID)
    /// RFC 6962 §2.1.4 allows P-256 and RSA keys only.
    case unsupportedLogKey(KeyAlgorithm)
    /// A witness's key must be Ed25519 (C2SP tlog-cosignature).
    case unsupportedCosignerKey(KeyAlgorithm)
    /// A signature doesn't verify.
    case signatureInvalid(Structure)
    /// The log's key could not sign.
    case signingFailed(KeysError)

    /// The structures that can be wrong.
    public enum Structure: Sendable, Equatable {
        /// RFC 6962 §3.2.
        case signedCertificateTimestamp
        /// RFC 6962 §3.3.
        case signedCertificateTimestampList
        /// RFC 5246 §4.7.
        case digitallySigned
        /// RFC 6962 §3.2 and static-ct-api, "SCT Extension".
        case extensions
        /// RFC 6962 §3.4.
        case timestampedEntry
        /// C2SP signed-note.
        case signedNote
        /// C2SP tlog-checkpoint.
        case checkpoint
        /// A note's key name, and so a log's origin.
        case origin
        /// RFC 6962 §3.5.
        case treeHead
        /// C2SP tlog-tiles.
        case tilePath
        /// C2SP tlog-cosignature.
        case cosignature
        /// C2SP signed-note, "Verifier keys".
        case verifierKey
        /// A ``Receipt``.
        case receipt
    }
}

extension TransparencyError: CustomStringConvertible {
    /// A sentence for operators; says nothing of the input but numbers and the expected log.
    public var description: String {
        switch self {
        case .malformed(let structure): "couldn't read \(structure.name)"
        case .tooLarge(let structure): "couldn't encode \(structure.name): a part is too long"
        case .tileOutOfRange: "couldn't name the tile: level, index or width out of range"
        case .indexOutsideTree(let index, let size): "couldn't prove entry \(index): the tree has \(size) entries"
        case .treeShrinks(let from, let to): "couldn't prove consistency from size \(from) to the smaller size \(to)"
        case .tileMissing(let tile): "couldn't read tile \(tile.path)"
        case .inclusionNotProven: "couldn't verify the inclusion proof"
        case .consistencyNotProven: "couldn't verify the consistency proof"
        case .originMismatch(let expected): "couldn't accept the checkpoint: it is not of \(expected)"
        case .notSigned(let origin): "couldn't accept the note: no signature by the key of \(origin)"
        case .logIDMismatch: "couldn't accept the log's promise: it is of another log"
        case .unsupportedLogKey(let algorithm): "couldn't use the log key: \(algorithm) is neither P-256 nor RSA"
        case .unsupportedCosignerKey(let algorithm): "couldn't use the witness's key: \(algorithm) isn't Ed25519"
        case .signatureInvalid(let structure): "couldn't verify the signature of \(structure.name)"
        case .signingFailed(let error): "couldn't sign with the log key: \(error)"
        }
    }
}

extension TransparencyError.Structure {
    /// What the specification calls it.
    var name: String {
        switch self {
        case .signedCertificateTimestamp: "signed certificate timestamp"
        case .signedCertificateTimestampList: "signed certificate timestamp list"
        case .digitallySigned: "digitally-signed value"
        case .extensions: "extensions"
        case .timestampedEntry: "timestamped entry"
        case .signedNote: "signed note"
        case .checkpoint: "checkpoint"
        case .origin: "origin"
        case .treeHead: "tree head"
        case .tilePath: "tile path"
        case .cosignature: "cosignature"
        case .verifierKey: "verifier key"
        case .receipt: "receipt"
        }
    }
}
