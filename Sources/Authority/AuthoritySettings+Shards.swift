import Files
import Transparency

/// A log's generations are shards: each a log of its own, with its key, name and database. What the configuration names is
/// the first.
extension AuthoritySettings.EmbeddedLog {
    /// All of them; `startSeconds` is the first one's. Throws `.file`.
    func generations(startSeconds: Int64 = 0) throws(AuthorityError) -> Generations {
        try Generations.shards(key: key, origin: origin, startSeconds: startSeconds)
    }

    /// The shard that a number, from 1, names; without one, the shard that takes entries at a moment. Throws `.file`.
    func shard(_ number: Int? = nil, at seconds: Int64) throws(AuthorityError) -> AuthoritySettings.EmbeddedLog {
        let (number, shard) = try generations().shard(number, at: seconds)
        guard number > 1 else { return self }
        return AuthoritySettings.EmbeddedLog(
            number: number,
            key: shard.key,
            passphraseFile: passphraseFile,
            origin: shard.origin,
            store: .sqlite(database: shard.database),
            formerChains: formerChains,
            givesReceipts: givesReceipts,
            witnesses: witnesses
        )
    }

    /// The newest checkpoint of this shard that enough witnesses have cosigned.
    func witnessedCheckpoint(_ directory: DataDirectory) -> String {
        number == 1 ? directory.witnessedCheckpoint : directory.resolve("log/witnessed-\(number).checkpoint")
    }
}

extension AuthoritySettings.RecordLog {
    /// All of them; `startSeconds` is the first one's. Throws `.file`.
    func generations(startSeconds: Int64 = 0) throws(AuthorityError) -> Generations {
        try Generations.shards(key: key, origin: origin, startSeconds: startSeconds)
    }

    /// The shard that a number, from 1, names; without one, the shard that takes entries at a moment. Throws `.file`.
    func shard(_ number: Int? = nil, at seconds: Int64) throws(AuthorityError) -> AuthoritySettings.RecordLog {
        let (number, shard) = try generations().shard(number, at: seconds)
        guard number > 1 else { return self }
        return AuthoritySettings.RecordLog(
            key: shard.key,
            passphraseFile: passphraseFile,
            origin: shard.origin,
            store: .sqlite(database: shard.database)
        )
    }
}

extension Generations {
    fileprivate static func shards(
        key: String,
        origin: LogOrigin,
        startSeconds: Int64
    ) throws(AuthorityError) -> Generations {
        try Generations(
            beside: key,
            first: Generation(
                key: key,
                publicKey: Generation.publicKeyFile(beside: key),
                origin: origin.name,
                startSeconds: startSeconds,
                signsFromSeconds: startSeconds
            )
        )
    }

    fileprivate func shard(
        _ wanted: Int?,
        at seconds: Int64
    ) throws(AuthorityError) -> (number: Int, shard: (key: String, origin: LogOrigin, database: String)) {
        let number = wanted ?? signing(at: seconds).number
        guard list.indices.contains(number - 1) else {
            throw .file(path: path, .malformed(rule: "there is no shard \(number)"))
        }
        let generation = list[number - 1]
        let origin = generation.origin.flatMap { try? LogOrigin($0) }
        // The first one's database stands in the configuration.
        guard let origin, let database = number == 1 ? "" : generation.database else {
            throw .file(path: path, .malformed(rule: "a shard must have an origin and a database"))
        }
        return (number, (generation.key ?? "", origin, database))
    }
}
