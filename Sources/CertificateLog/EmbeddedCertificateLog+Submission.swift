import Certificates
import Keys
import Log
import Records
public import Transparency

/// The write side of RFC 6962 §4: anybody may hand in what a CA of this log has signed.
///
/// What our CA issues is here before it leaves, so new entries are certificates in their final form, which RFC 6962 §3.1
/// counts as others than their precertificates, and what was issued without this log, which monitors want to see. Each is
/// taken once, so the log can't be filled: as many entries as the CA has made signatures.
extension EmbeddedCertificateLog {
    /// `add-chain` and `add-pre-chain`: the log's promise about a chain. What is in the log already gets the promise of
    /// its first entry, with that entry's time and index, signed anew.
    ///
    /// CPU work, with waits for the store in between, for one submission at a time. Throws `.submissionRefused`, `.log` and
    /// `.transparency`.
    public func add(
        _ call: SubmissionCall,
        body: [UInt8]
    ) async throws(CertificateLogError) -> SignedCertificateTimestamp {
        try await submissions.pass { () async throws(CertificateLogError) in
            let submission: ChainSubmission
            do throws(SubmissionProblem) {
                submission = try ChainSubmission(call, body: body, issuers: issuers)
            } catch {
                throw .submissionRefused(error)
            }
            let timestamped: TimestampedEntry
            if let found = try await find(submission) {
                timestamped = found
            } else if let appended = try await append(submission) {
                timestamped = appended
            } else if let found = try await find(submission) {
                timestamped = found
            } else {
                throw .log(.busy)
            }
            do throws(TransparencyError) {
                return try SignedCertificateTimestamp(signing: timestamped, with: key)
            } catch {
                throw .transparency(error)
            }
        }
    }

    /// The first entry of what was submitted. Records lead to it by the serial number; entry 0 has no record. What counts
    /// is the entry itself, for it is in the tree.
    private func find(_ submission: ChainSubmission) async throws(CertificateLogError) -> TimestampedEntry? {
        var query = RecordQuery()
        query.serialHex = submission.serialHex
        do throws(LogError) {
            let indices = try await records.records(matching: query).compactMap(\.index)
            for index in [LeafIndex(0)] + indices.sorted() {
                guard let stored = try await sequencer.reader.entries(from: index, count: 1).first else { continue }
                guard let leaf = try? TileLeaf(encoded: stored.stored) else {
                    throw .damaged(.entryUnreadable(index))
                }
                if leaf.timestamped.entry == submission.entry { return leaf.timestamped }
            }
            return nil
        } catch {
            throw .log(error)
        }
    }

    /// Nil when another process on the store has appended it meanwhile, or we have without having heard of it.
    private func append(_ submission: ChainSubmission) async throws(CertificateLogError) -> TimestampedEntry? {
        let isCertificate = if case .x509 = submission.entry { true } else { false }
        let place: SequencedEntry
        do throws(CertificateLogError) {
            place = try await append(
                submission.entry,
                precertificate: isCertificate ? nil : submission.certificate.der,
                chain: submission.path.map(\.fingerprint),
                // The log gives it its time.
                record: submission.record(at: EntryTimestamp(milliseconds: 0)),
                use: try submission.once
            )
        } catch .usedUp {
            return nil
        }
        do throws(TransparencyError) {
            return TimestampedEntry(
                timestamp: place.timestamp,
                entry: submission.entry,
                extensions: try SCTExtensions(leafIndex: place.index)
            )
        } catch {
            throw .transparency(error)
        }
    }
}
