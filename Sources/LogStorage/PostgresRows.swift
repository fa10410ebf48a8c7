import CPostgres
import Transparency

/// What a statement has returned, in binary format. Owns the result. Everything is checked on the way out: a column
/// that is null or of another length reads as nil.
final class PostgresRows {
    private let raw: OpaquePointer

    init(adopting raw: OpaquePointer) {
        self.raw = raw
    }

    deinit {
        PQclear(raw)
    }

    var status: ExecStatusType { PQresultStatus(raw) }

    /// The name of the command that was run, such as `COMMIT`, with a count where it has one.
    var command: String { PQcmdStatus(raw).map { String(cString: $0) } ?? "" }

    /// Five characters that name the error; nil when the server gave none.
    var errorState: String? {
        // PG_DIAG_SQLSTATE, a macro that Swift doesn't see.
        PQresultErrorField(raw, Int32(UInt8(ascii: "C"))).map { String(cString: $0) }
    }

    var count: Int { Int(PQntuples(raw)) }

    /// The bytes of a `bytea`; none when it is null.
    func bytes(_ row: Int, _ column: Int) -> [UInt8] {
        withBytes(row, column) { Array($0) } ?? []
    }

    func hash(_ row: Int, _ column: Int) -> MerkleHash? {
        MerkleHash(bytes: bytes(row, column))
    }

    /// An `int8`.
    func signed(_ row: Int, _ column: Int) -> Int64? {
        withBytes(row, column) { bytes in
            guard bytes.count == 8 else { return nil }
            return Int64(bitPattern: bytes.reduce(0) { $0 << 8 | UInt64($1) })
        } ?? nil
    }

    /// An `int8` that is not negative: this program writes no other.
    func unsigned(_ row: Int, _ column: Int) -> UInt64? {
        signed(row, column).flatMap { UInt64(exactly: $0) }
    }

    func text(_ row: Int, _ column: Int) -> String? {
        withBytes(row, column) { String(decoding: $0, as: UTF8.self) }
    }

    private func withBytes<Value>(_ row: Int, _ column: Int, _ body: (UnsafeRawBufferPointer) -> Value) -> Value? {
        let (row, column) = (Int32(clamping: row), Int32(clamping: column))
        // Out of range is null, too, says PQgetisnull.
        guard PQgetisnull(raw, row, column) == 0, let value = PQgetvalue(raw, row, column) else { return nil }
        return body(UnsafeRawBufferPointer(start: value, count: Int(PQgetlength(raw, row, column))))
    }
}
