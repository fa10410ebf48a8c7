import Keys
import Wire

/// An in-toto statement: that a predicate holds for its subjects (in-toto attestation framework, v0.1 and v1).
///
/// ```
/// {"_type": "https://in-toto.io/Statement/v1", "subject": [{"name", "digest": {"sha256": hex, …}}, …],
///  "predicateType": URI, "predicate": {…}}
/// ```
public struct Statement: Sendable, Equatable {
    /// The most subjects, and the most digests of one, as other verifiers have it.
    static let subjectsMax = 1024
    static let digestsMax = 32
    /// A list of all that an image holds has some hundred thousand values.
    private static let limits = JSONLimits(bytesMax: Bundle.bytesMax, valuesMax: 1_000_000)
    private static let types = ["https://in-toto.io/Statement/v0.1", "https://in-toto.io/Statement/v1"]

    /// What kind of thing it says.
    public let predicateType: String
    /// Each subject's digests, by the names that in-toto has for them, in lower-case hexadecimal.
    public let subjects: [[String: String]]

    /// Reads a statement; fields that are not needed here are passed over. Throws `.malformed` and `.tooLarge`.
    public init(json: [UInt8]) throws(StatementProblem) {
        guard let json = try? JSON.parse(json, limits: Self.limits), let type = json["_type"]?.string,
            Self.types.contains(type), let predicateType = json["predicateType"]?.string, !predicateType.isEmpty,
            let list = json["subject"]?.elements
        else { throw .malformed }
        guard list.count <= Self.subjectsMax else { throw .tooLarge }
        var subjects: [[String: String]] = []
        for subject in list {
            guard let digests = subject["digest"]?.members else { throw .malformed }
            guard digests.count <= Self.digestsMax else { throw .tooLarge }
            var texts: [String: String] = [:]
            for digest in digests {
                guard let text = digest.value.string else { throw .malformed }
                texts[digest.name] = text.lowercased()
            }
            subjects.append(texts)
        }
        self.predicateType = predicateType
        self.subjects = subjects
    }

    /// What is known of each subject that has a digest of a kind that is known here.
    public var artifacts: [ArtifactDigests] {
        subjects.compactMap { digests in
            let known = DigestAlgorithm.allCases.compactMap { algorithm in
                digests[algorithm.plainName].flatMap { Hexadecimal.decode($0.utf8) }.map { (algorithm, $0) }
            }
            let artifact = ArtifactDigests(Dictionary(uniqueKeysWithValues: known))
            return artifact.algorithms.isEmpty ? nil : artifact
        }
    }

    /// Whether an artifact is among the subjects: one of its digests stands there, and none of that subject's differs.
    func isAbout(_ artifact: ArtifactDigests) -> Bool {
        subjects.contains { digests in
            let known = artifact.algorithms.compactMap { algorithm in
                digests[algorithm.plainName].map { $0 == Hexadecimal.encode(artifact[algorithm] ?? []) }
            }
            return !known.isEmpty && known.allSatisfy { $0 }
        }
    }
}
