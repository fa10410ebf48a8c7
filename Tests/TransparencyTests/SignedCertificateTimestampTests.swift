import Keys
import TestKit
import Testing
import Transparency
import Wire

@Suite("RFC 6962 §3.2, §3.3, §4.1; CT-7, CT-8, API-33")
struct SignedCertificateTimestampTests {
    static let entry = ForeignLog.entry

    static func foreign() throws -> SignedCertificateTimestamp {
        try SignedCertificateTimestamp(encoded: bytes(ForeignLog.timestampHex))
    }

    @Test
    func anotherImplementationsTimestampVerifies() throws {
        let timestamp = try Self.foreign()
        try timestamp.verify(Self.entry, key: try ForeignLog.key())
        #expect(timestamp.timestamp == ForeignLog.timestamp)
        #expect(try timestamp.extensions.leafIndex() == ForeignLog.index)
        #expect(hex(timestamp.encoded) == ForeignLog.timestampHex)
    }

    @Test
    func timestampOfAnRSALogVerifies() throws {
        let timestamp = try SignedCertificateTimestamp(encoded: bytes(ForeignLog.rsaTimestampHex))
        try timestamp.verify(Self.entry, key: try ForeignLog.key(ForeignLog.rsaKeyBase64))
        #expect(hex(timestamp.encoded) == ForeignLog.rsaTimestampHex)
    }

    @Test
    func timestampOfOurOwnVerifies() throws {
        let key = try SigningKey.generate(.p256)
        let signed = TimestampedEntry(
            timestamp: ForeignLog.timestamp,
            entry: Self.entry,
            extensions: try SCTExtensions(leafIndex: LeafIndex(1))
        )
        let timestamp = try SignedCertificateTimestamp(signing: signed, with: key)
        #expect(timestamp.logID.bytes == key.publicKey.sha256.bytes)
        try timestamp.verify(Self.entry, key: key.publicKey)
        #expect(try SignedCertificateTimestamp(encoded: timestamp.encoded) == timestamp)
        #expect(try SignedCertificateTimestamp(json: timestamp.json) == timestamp)
    }

    @Test
    func timestampOfAnotherLogIsRefused() throws {
        let key = try SigningKey.generate(.p256).publicKey
        #expect(throws: TransparencyError.logIDMismatch(expected: LogID(of: key))) {
            try Self.foreign().verify(Self.entry, key: key)
        }
    }

    @Test
    func timestampByAStrangerInTheLogsNameIsRefused() throws {
        let stranger = try SigningKey.generate(.p256)
        let foreign = try Self.foreign()
        let signed = TimestampedEntry(
            timestamp: foreign.timestamp,
            entry: Self.entry,
            extensions: foreign.extensions
        )
        let forged = SignedCertificateTimestamp(
            logID: foreign.logID,
            timestamp: foreign.timestamp,
            extensions: foreign.extensions,
            signature: try SignedCertificateTimestamp(signing: signed, with: stranger).signature
        )
        #expect(throws: TransparencyError.signatureInvalid(.signedCertificateTimestamp)) {
            try forged.verify(Self.entry, key: try ForeignLog.key())
        }
    }

    @Test
    func otherTimeExtensionsOrEntryAreRefused() throws {
        let foreign = try Self.foreign()
        let key = try ForeignLog.key()
        let later = SignedCertificateTimestamp(
            logID: foreign.logID,
            timestamp: EntryTimestamp(milliseconds: foreign.timestamp.milliseconds + 1),
            extensions: foreign.extensions,
            signature: foreign.signature
        )
        let moved = SignedCertificateTimestamp(
            logID: foreign.logID,
            timestamp: foreign.timestamp,
            extensions: try SCTExtensions(leafIndex: LeafIndex(8)),
            signature: foreign.signature
        )
        let bare = SignedCertificateTimestamp(
            logID: foreign.logID,
            timestamp: foreign.timestamp,
            extensions: .none,
            signature: foreign.signature
        )
        for changed in [later, moved, bare] {
            #expect(throws: TransparencyError.signatureInvalid(.signedCertificateTimestamp)) {
                try changed.verify(Self.entry, key: key)
            }
        }
        let entries: [CertificateEntry] = [
            .x509(certificate: ForeignLog.tbsCertificate),
            .precertificate(issuerKeyHash: ForeignLog.issuerKeyHash, tbsCertificate: bytes("3003020102")),
            .precertificate(issuerKeyHash: SHA256Digest(hashing: [1]), tbsCertificate: ForeignLog.tbsCertificate),
        ]
        for entry in entries {
            #expect(throws: TransparencyError.signatureInvalid(.signedCertificateTimestamp)) {
                try foreign.verify(entry, key: key)
            }
        }
    }

    @Test
    func everyChangedBitIsRefused() throws {
        var random = SeededGenerator(seed: 8)
        let key = try ForeignLog.key()
        for _ in 0..<400 {
            let changed = random.flipped(bytes(ForeignLog.timestampHex))
            #expect(throws: TransparencyError.self) {
                try SignedCertificateTimestamp(encoded: changed).verify(Self.entry, key: key)
            }
        }
    }

    @Test
    func keyThatNoLogMayHaveIsRefused() throws {
        let key = try ForeignLog.key(ForeignLog.p384KeyBase64)
        let foreign = try Self.foreign()
        let renamed = SignedCertificateTimestamp(
            logID: LogID(of: key),
            timestamp: foreign.timestamp,
            extensions: foreign.extensions,
            signature: foreign.signature
        )
        #expect(throws: TransparencyError.unsupportedLogKey(.p384)) { try renamed.verify(Self.entry, key: key) }
        for algorithm in [KeyAlgorithm.p384, .p521, .ed25519] {
            let key = try SigningKey.generate(algorithm)
            #expect(throws: TransparencyError.unsupportedLogKey(algorithm)) {
                try DigitallySigned(signing: [], with: key)
            }
        }
    }

    @Test
    func cutLengthenedOrOtherVersionIsRefused() throws {
        let encoded = bytes(ForeignLog.timestampHex)
        for count in 0..<encoded.count {
            #expect(throws: TransparencyError.self) {
                try SignedCertificateTimestamp(encoded: Array(encoded.prefix(count)))
            }
        }
        #expect(throws: TransparencyError.malformed(.digitallySigned)) {
            try SignedCertificateTimestamp(encoded: encoded + [0])
        }
        #expect(throws: TransparencyError.malformed(.signedCertificateTimestamp)) {
            try SignedCertificateTimestamp(encoded: [1] + encoded.dropFirst())
        }
    }

    @Test(arguments: ["05030000", "04020000", "04000000", "0403", "040300", "04030001", "0403000101ff", ""])
    func unknownAlgorithmOrWrongLengthIsRefused(text: String) {
        #expect(throws: TransparencyError.malformed(.digitallySigned)) { try DigitallySigned(encoded: bytes(text)) }
    }

    @Test
    func listIsTwoLengthsAndTheTimestamp() throws {
        let timestamp = try Self.foreign()
        let list = try SignedCertificateTimestamp.list([timestamp])
        #expect(hex(list) == "0081" + "007f" + ForeignLog.timestampHex)
        #expect(try SignedCertificateTimestamp.timestamps(inList: list) == [timestamp])
        let two = try SignedCertificateTimestamp.list([timestamp, timestamp])
        #expect(try SignedCertificateTimestamp.timestamps(inList: two) == [timestamp, timestamp])
    }

    @Test
    func emptyOrOverlongListIsNotWritten() throws {
        let timestamp = try Self.foreign()
        for list in [[], [SignedCertificateTimestamp](repeating: timestamp, count: 600)] {
            #expect(throws: TransparencyError.tooLarge(.signedCertificateTimestampList)) {
                try SignedCertificateTimestamp.list(list)
            }
        }
    }

    @Test
    func bytesAfterTheListAreRefused() throws {
        let list = try SignedCertificateTimestamp.list([try Self.foreign()])
        #expect(throws: TransparencyError.malformed(.signedCertificateTimestampList)) {
            try SignedCertificateTimestamp.timestamps(inList: list + [0])
        }
    }

    @Test(arguments: ["", "00", "0000", "000100", "00020000", "0004000200", "0001000000"])
    func listOfNothingIsRefused(text: String) {
        #expect(throws: TransparencyError.self) { try SignedCertificateTimestamp.timestamps(inList: bytes(text)) }
    }
}
