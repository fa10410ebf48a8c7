import Wire

/// What an in-toto statement is about, for those who look for it by its hash.
enum InTotoSubjects {
    static let payloadType = "application/vnd.in-toto+json"

    /// The most hashes of one statement that it is found by: each is a row of the log's store.
    static let hashesMax = 256

    /// The hashes of the subjects, and of SLSA's materials, the first ``hashesMax`` of them; none of what isn't a
    /// statement, for nothing hangs on it.
    ///
    /// ```
    /// {"subject": [{"digest": {algorithm: hex, …}}, …], "predicate": {"materials": [{"digest": {…}}, …]}}
    /// ```
    static func terms(in payload: [UInt8]) -> [SearchTerm] {
        guard let statement = try? JSON.parse(payload) else { return [] }
        let lists = [statement["subject"], statement["predicate"]?["materials"]]
        var terms: [SearchTerm] = []
        for element in lists.compactMap({ $0?.elements }).joined() {
            for (algorithm, value) in element["digest"]?.members ?? [] {
                guard terms.count < hashesMax else { return terms }
                if let hex = value.string { terms.append(.hash(algorithm: algorithm, hex: hex)) }
            }
        }
        return terms
    }
}
