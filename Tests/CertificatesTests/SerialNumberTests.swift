import Certificates
import Testing

@Suite("Serial number: RFC 5280 §4.1.2.2, CERT-1")
struct SerialNumberTests {
    @Test func randomOnesArePositiveDistinctAndOfTwentyOctets() throws {
        var seen: Set<SerialNumber> = []
        for _ in 0..<1_000 {
            let serial = try SerialNumber.random()
            #expect((1...20).contains(serial.bytes.count))
            #expect(serial.bytes.count < 20 || serial.bytes[0] < 0x80)
            seen.insert(serial)
        }
        #expect(seen.count == 1_000)
        #expect(seen.filter { $0.bytes.count == 20 }.count > 900)
    }

    @Test func leadingZerosDoNotMatter() throws {
        let serial = try SerialNumber(bytes: [0, 0, 0x80, 1])
        #expect(serial.bytes == [0x80, 1])
        #expect(serial.hex == "8001")
        #expect(try SerialNumber(bytes: [0] + [UInt8](repeating: 0x7F, count: 20)).bytes.count == 20)
    }

    @Test(arguments: [
        [], [0], [0, 0], [0x80] + [UInt8](repeating: 0, count: 19), [UInt8](repeating: 1, count: 21),
    ])
    func zeroAndTooLongAreRefused(_ bytes: [UInt8]) {
        #expect(throws: CertificatesError.serialNumberInvalid) { try SerialNumber(bytes: bytes) }
    }
}
