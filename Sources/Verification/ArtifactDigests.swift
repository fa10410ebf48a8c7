public import Keys

/// What is known of an artifact: some of its digests.
public struct ArtifactDigests: Sendable, Equatable {
    private let digests: [DigestAlgorithm: [UInt8]]

    /// Takes digests that were computed or given. Those of a wrong length are left out.
    public init(_ digests: [DigestAlgorithm: [UInt8]]) {
        self.digests = digests.filter { $0.value.count == $0.key.byteCount }
    }

    /// Computes all digests of an artifact.
    public init(of artifact: [UInt8]) {
        digests = Dictionary(uniqueKeysWithValues: DigestAlgorithm.allCases.map { ($0, $0.digest(artifact)) })
    }

    /// The digest of this kind, if it is known.
    public subscript(algorithm: DigestAlgorithm) -> [UInt8]? { digests[algorithm] }

    /// The kinds that are known.
    public var algorithms: [DigestAlgorithm] { DigestAlgorithm.allCases.filter { digests[$0] != nil } }
}
