import Certificates
import Keys
import Log
import LogTestKit
import TestKit
import Testing
import Transparency
import Wire

@testable import CertificateLog

@Suite("RFC 6962 §3, C2SP static-ct-api: appending to the embedded log")
struct EmbeddedCertificateLogTests {
    @Test
    func timestampVerifiesAndNamesPlaceAndTime() async throws {
        let open = try OpenCertificateLog()
        for index in 0..<3 {
            let (submission, timestamp) = try await open.issue("jane\(index)@example.com")
            try timestamp.verify(submission.entry, key: open.key.publicKey)
            #expect(timestamp.logID == open.log.logID)
            #expect(timestamp.extensions == (try SCTExtensions(leafIndex: LeafIndex(UInt64(index)))))
            #expect(timestamp.timestamp == open.clock.now())
        }
    }

    @Test
    func certificateFinishedWithTheTimestampHoldsWhatTheLogSigned() async throws {
        let open = try OpenCertificateLog()
        let precertificate = try open.authority.precertificate()
        let sequenced = try await open.log.append(PrecertificateSubmission(precertificate, record: .test(), use: nil))
        let timestamp = try open.log.timestamp(for: sequenced)
        let list = try SignedCertificateTimestamp.list([timestamp])
        let certificate = try open.authority.signer.finish(precertificate, sctList: list)
        // What a client does: everything from the certificate and its issuer.
        let entry = CertificateEntry.precertificate(
            issuerKeyHash: try open.authority.issuing.publicKey.sha256,
            tbsCertificate: try certificate.precertificateTBS()
        )
        let found = try certificate.sctList()
        let embedded = try SignedCertificateTimestamp.timestamps(inList: try #require(found))
        #expect(embedded == [timestamp])
        try embedded[0].verify(entry, key: open.key.publicKey)
    }

    @Test
    func entryIsCoveredByTheSignedCheckpointWhenAppendReturns() async throws {
        let open = try OpenCertificateLog()
        let (submission, timestamp) = try await open.issue()
        let head = try await open.head().head
        #expect(head.size == TreeSize(1))
        #expect(head.timestamp >= timestamp.timestamp)
        let leaf = TimestampedEntry(
            timestamp: timestamp.timestamp,
            entry: submission.entry,
            extensions: timestamp.extensions
        )
        #expect(head.root == MerkleTree.leafHash(try leaf.merkleTreeLeaf()))
    }

    @Test
    func storedLeafHasPrecertificateAndFingerprintsOfTheChain() async throws {
        let open = try OpenCertificateLog()
        let (submission, timestamp) = try await open.issue()
        let leaf = try TileLeaf(encoded: try #require(open.memory.snapshot().rows.first).stored)
        #expect(leaf.precertificate == submission.der)
        #expect(leaf.chain == [open.authority.issuing.fingerprint, open.authority.root.fingerprint])
        #expect(leaf.timestamped.entry == submission.entry)
        #expect(leaf.timestamped.timestamp == timestamp.timestamp)
        #expect(leaf.timestamped.extensions == timestamp.extensions)
    }

    @Test
    func auditorsCanSearchForIdentitySerialAndTime() async throws {
        let open = try OpenCertificateLog()
        let (submission, timestamp) = try await open.issue("joe@example.com")
        let row = try #require(open.memory.record(of: LeafIndex(0)))
        #expect(row.san == "joe@example.com")
        #expect(row.notBeforeSeconds == TwoTierAuthority.now)
        #expect(row.precertificate == SHA256Digest(hashing: submission.der))
        #expect(row.serialHex?.count == 40)
        #expect(row.timestamp == timestamp.timestamp)
    }

    @Test
    func tokenGetsAsManyCertificatesAsItMay() async throws {
        let open = try OpenCertificateLog()
        let twice = UseLimit(
            key: SHA256Digest(hashing: Array("token".utf8)),
            usesMax: 2,
            expirySeconds: TwoTierAuthority.now + 600
        )
        for use in 1...2 {
            let sequenced = try await open.log.append(try TestSubmission(open.authority, use: twice).submission)
            #expect(sequenced.use == use)
            #expect(sequenced.index == LeafIndex(UInt64(use - 1)))
        }
        let third = try TestSubmission(open.authority, use: twice).submission
        await #expect(throws: CertificateLogError.usedUp(uses: 2)) { try await open.log.append(third) }
        #expect(!CertificateLogError.usedUp(uses: 2).mayPass)
        await open.log.close()
        let again = try open.reopened()
        await #expect(throws: CertificateLogError.usedUp(uses: 2)) { try await again.append(third) }
        #expect(open.memory.snapshot().records.count == 2)
        let uncounted = try await again.append(try TestSubmission(open.authority).submission)
        #expect(uncounted.use == nil)
        #expect(uncounted.index == LeafIndex(2))
    }

    @Test
    func issuingCertificateIsAnEntryOfItsOwnUnderTheRoot() async throws {
        let open = try OpenCertificateLog()
        #expect(try await open.log.appendIssuingCertificate() == LeafIndex(0))
        let leaf = try TileLeaf(encoded: try #require(open.memory.snapshot().rows.first).stored)
        #expect(leaf.timestamped.entry == .x509(certificate: open.authority.issuing.der))
        #expect(leaf.precertificate == nil)
        #expect(leaf.chain == [open.authority.root.fingerprint])
        #expect(try await open.issue().1.extensions.leafIndex() == LeafIndex(1))
    }

    @Test
    func nothingIsPromisedWhenTheStoreFails() async throws {
        let open = try OpenCertificateLog()
        let submission = try TestSubmission(open.authority).submission
        open.faulty.failAppend(.lost, with: .full)
        await #expect(throws: CertificateLogError.log(.unavailable(.full))) { try await open.log.append(submission) }
        #expect(open.memory.snapshot().rows.isEmpty)
    }

    @Test
    func promiseOfAnotherLogIsNotSignedHere() async throws {
        let open = try OpenCertificateLog()
        let (submission, timestamp) = try await open.issue()
        let foreign = SequencedPrecertificate(entry: submission.entry, promise: .received(timestamp))
        #expect(throws: CertificateLogError.transparency(.logIDMismatch(expected: open.log.logID))) {
            try open.log.timestamp(for: foreign)
        }
    }

    @Test
    func logGoesOnAfterARestart() async throws {
        let open = try OpenCertificateLog()
        _ = try await open.issue()
        await open.log.close()
        let again = try open.reopened()
        let sequenced = try await again.append(try TestSubmission(open.authority).submission)
        #expect(try again.timestamp(for: sequenced).extensions.leafIndex() == LeafIndex(1))
    }

    @Test
    func closedLogTakesNothing() async throws {
        let open = try OpenCertificateLog()
        await open.log.close()
        let submission = try TestSubmission(open.authority).submission
        await #expect(throws: CertificateLogError.log(.closed)) { try await open.log.append(submission) }
    }

    @Test
    func checkpointOfAnotherKeyOrOriginStopsTheStart() async throws {
        let open = try OpenCertificateLog()
        _ = try await open.issue()
        let damaged = CertificateLogError.log(.damaged(.checkpointInvalid))
        let otherKey = try SigningKey.generate(.p256)
        #expect(throws: damaged) { _ = try open.reopened(key: otherKey) }
        let otherOrigin = try LogOrigin("log.example.com/other")
        #expect(throws: damaged) { _ = try open.reopened(origin: otherOrigin) }
        _ = try open.reopened()
    }

    @Test
    func changedEntryStopsTheStart() async throws {
        let open = try OpenCertificateLog()
        _ = try await open.issue()
        open.memory.tamper { contents in
            let row = contents.rows[0]
            // The last byte of the stored certificate's extensions, so of what is in the tree.
            var stored = row.stored
            stored[60] ^= 1
            contents.rows[0] = StoredEntry(
                index: row.index,
                timestamp: row.timestamp,
                leafHash: row.leafHash,
                stored: stored
            )
        }
        #expect(throws: CertificateLogError.log(.damaged(.entryChanged(LeafIndex(0))))) { _ = try open.reopened() }
    }

    @Test(arguments: [KeyAlgorithm.p384, .ed25519])
    func keyThatNoClientAcceptsMakesNoLog(algorithm: KeyAlgorithm) throws {
        let authority = try TwoTierAuthority()
        let key = try SigningKey.generate(algorithm)
        let origin = try LogOrigin("log.example.com")
        #expect(throws: CertificateLogError.log(.signingFailed)) {
            _ = try EmbeddedCertificateLog.create(
                in: MemoryLogStore(),
                key: key,
                origin: origin,
                chain: authority.chain,
                clock: TestClock().now
            )
        }
    }
}
