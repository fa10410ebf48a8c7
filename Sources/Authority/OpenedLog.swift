import CertificateLog
import LogStorage

/// A certificate log, and the store behind it where it is our own.
struct OpenedLog: Sendable {
    let log: any CertificateLog
    let embedded: EmbeddedCertificateLog?
    private let store: SQLiteLogStore?

    /// Our own log.
    init(_ log: EmbeddedCertificateLog, store: SQLiteLogStore) {
        self.log = log
        embedded = log
        self.store = store
    }

    /// Another's log.
    init(_ log: RemoteCertificateLog) {
        self.log = log
        embedded = nil
        store = nil
    }

    /// Finishes what was accepted, then closes the store, which leaves one whole file. A store that can't be closed has
    /// lost nothing: all of it is in the write-ahead log beside it.
    func close() async {
        await log.close()
        try? store?.close()
    }
}
