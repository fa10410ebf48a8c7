import CPostgres

/// A statement that a connection prepares once and then knows by its name.
struct PostgresStatement: Sendable {
    /// Empty for one that is run once.
    let name: String
    let sql: String
}

/// A statement with its parameters, in PostgreSQL's binary format. Parameters are bound in the order of their numbers.
struct PostgresCall {
    let statement: PostgresStatement
    private var buffer: [UInt8] = []
    private var ends: [Int] = []

    init(_ statement: PostgresStatement) {
        self.statement = statement
    }

    /// A statement that is run once.
    init(once sql: String) {
        statement = PostgresStatement(name: "", sql: sql)
    }

    /// Binds an `int8`.
    mutating func bind(_ value: Int64) {
        add(value)
        ends.append(buffer.count)
    }

    /// Binds a `bytea`.
    mutating func bind(_ value: [UInt8]) {
        buffer += value
        ends.append(buffer.count)
    }

    /// Binds an `int8[]`.
    mutating func bind(_ values: [Int64?]) {
        bind(values, elementType: 20) { call, value in call.add(value) }
    }

    /// Binds a `bytea[]`.
    mutating func bind(_ values: [[UInt8]?]) {
        bind(values, elementType: 17) { call, value in call.buffer += value }
    }

    /// Binds a `text[]`. PostgreSQL has no texts with a zero character, and one in a claim must not keep a whole batch
    /// out: U+FFFD stands for it.
    mutating func bind(_ values: [String?]) {
        bind(values, elementType: 25) { call, value in
            if value.utf8.contains(0) {
                call.buffer += value.replacing("\0", with: "\u{FFFD}").utf8
            } else {
                call.buffer += value.utf8
            }
        }
    }

    /// `array_recv` of PostgreSQL: dimensions, whether there are nulls, the elements' type; of the one dimension length
    /// and first index; then each element's length, -1 for null, and bytes.
    private mutating func bind<Value>(
        _ values: [Value?],
        elementType: Int32,
        _ write: (inout PostgresCall, Value) -> Void
    ) {
        for header in [1, 1, elementType, Int32(clamping: values.count), 1] { add(header) }
        for value in values {
            guard let value else {
                add(Int32(-1))
                continue
            }
            let start = buffer.count
            add(Int32(0))
            write(&self, value)
            let length = Int32(clamping: buffer.count - start - 4)
            withUnsafeBytes(of: length.bigEndian) { buffer.replaceSubrange(start..<start + 4, with: $0) }
        }
        ends.append(buffer.count)
    }

    private mutating func add(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.bigEndian) { buffer.append(contentsOf: $0) }
    }

    /// Queues the statement on a connection in pipeline mode; false when that fails. The results are to be binary.
    func send(on connection: OpaquePointer) -> Bool {
        // Never empty, or the address of an empty value would be null, which is NULL.
        (buffer.isEmpty ? [0] : buffer).withUnsafeBufferPointer { bytes in
            let starts = [0] + ends.dropLast()
            let values =
                ends.isEmpty
                ? []
                : starts.map { start in
                    bytes.baseAddress.map { UnsafeRawPointer($0 + start).assumingMemoryBound(to: CChar.self) }
                }
            let lengths = zip(starts, ends).map { Int32(clamping: $1 - $0) }
            let formats = [Int32](repeating: 1, count: ends.count)
            let count = Int32(clamping: ends.count)
            let sent =
                statement.name.isEmpty
                ? PQsendQueryParams(connection, statement.sql, count, nil, values, lengths, formats, 1)
                : PQsendQueryPrepared(connection, statement.name, count, values, lengths, formats, 1)
            return sent == 1
        }
    }
}
