import RecordLog
import Wire

enum RecordDecoders {
    /// An entry as Rekor v1's clients propose it. One of kind hashedrekord is kept in the form in which it may be proposed.
    @Sendable static func proposal(_ bytes: [UInt8]) {
        guard let entry = try? ProposedEntry(bytes) else { return }
        Decoders.require(entry.body.bytes.count <= RecordBody.bytesMax, "an entry has a largest size")
        guard let body = try? JSON.parse(entry.body.bytes) else {
            return Decoders.require(false, "what is kept can be read")
        }
        guard body["kind"]?.string == "hashedrekord" else { return }
        Decoders.require((try? ProposedEntry(entry.body.bytes)) == entry, "what is kept may be proposed again")
    }

    /// An entry as Rekor v2's clients send it.
    @Sendable static func request(_ bytes: [UInt8]) {
        guard let record = try? HashedRekord(request: bytes), let body = try? record.body() else { return }
        Decoders.require(!record.keys.isEmpty, "an entry is found by its digest")
        Decoders.require(body.bytes.count <= RecordBody.bytesMax, "an entry has a largest size")
    }

    /// What is asked of Rekor v1.
    @Sendable static func question(_ bytes: [UInt8]) {
        _ = try? EntryQuery(bytes)
        _ = try? IndexQuery(bytes)
        guard let id = EntryID(text: String(decoding: bytes, as: UTF8.self)) else { return }
        Decoders.require(EntryID(text: id.description) == id, "a name can be read again")
    }
}
