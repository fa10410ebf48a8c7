import TestKit
import Testing
import Wire

@Suite("RFC 8446 §3")
struct TLSTests {
    @Test func numbersAreBigEndianAndVectorsHaveTheirLengthInFront() throws {
        var writer = TLSWriter()
        writer.u8(1)
        writer.u16(0x0203)
        try writer.u24(0x04_0506)
        writer.u32(0x0708_090A)
        try writer.u40(0x0B0C_0D0E_0F)
        writer.u64(0x1011_1213_1415_1617)
        writer.bytes([0xAA])
        try writer.vector8([1])
        try writer.vector16([2, 3])
        try writer.vector24([])
        let expected: [UInt8] = Array(1...0x17) + [0xAA, 1, 1, 0, 2, 2, 3, 0, 0, 0]
        #expect(writer.bytes == expected)
    }

    @Test func everythingWrittenIsReadBack() throws {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<2_000 {
            let number = generator.next()
            let bytes = generator.bytes(upTo: 255)
            var writer = TLSWriter()
            writer.u8(UInt8(truncatingIfNeeded: number))
            writer.u16(UInt16(truncatingIfNeeded: number))
            try writer.u24(UInt32(truncatingIfNeeded: number) >> 8)
            writer.u32(UInt32(truncatingIfNeeded: number))
            try writer.u40(number >> 24)
            writer.u64(number)
            try writer.vector8(bytes)
            try writer.vector16(bytes)
            try writer.vector24(bytes)
            writer.bytes(bytes)
            var reader = TLSReader(writer.bytes)
            #expect(try reader.u8() == UInt8(truncatingIfNeeded: number))
            #expect(try reader.u16() == UInt16(truncatingIfNeeded: number))
            #expect(try reader.u24() == UInt32(truncatingIfNeeded: number) >> 8)
            #expect(try reader.u32() == UInt32(truncatingIfNeeded: number))
            #expect(try reader.u40() == number >> 24)
            #expect(try reader.u64() == number)
            #expect(try reader.vector8() == bytes)
            #expect(try reader.vector16() == bytes)
            #expect(try reader.vector24() == bytes)
            #expect(reader.isAtEnd == bytes.isEmpty)
            #expect(try reader.bytes(bytes.count) == bytes)
            #expect(reader.isAtEnd)
            try reader.finish()
        }
    }

    @Test func valueThatDoesNotFitItsFieldIsRefusedAndNothingIsWritten() {
        var writer = TLSWriter()
        #expect(throws: WireError.tlsTooLong(count: 256, max: 255)) {
            try writer.vector8([UInt8](repeating: 0, count: 256))
        }
        #expect(throws: WireError.tlsTooLong(count: 65_536, max: 65_535)) {
            try writer.vector16([UInt8](repeating: 0, count: 65_536))
        }
        #expect(throws: WireError.tlsTooLong(count: 1 << 24, max: 1 << 24 - 1)) { try writer.u24(1 << 24) }
        #expect(throws: WireError.tlsTooLong(count: 1 << 40, max: 1 << 40 - 1)) { try writer.u40(1 << 40) }
        #expect(throws: WireError.tlsTooLong(count: .max, max: 1 << 40 - 1)) { try writer.u40(.max) }
        #expect(writer.bytes.isEmpty)
    }

    @Test func fieldThatIsNotThereIsRefused() {
        var reader = TLSReader([0, 5, 1])
        #expect(throws: WireError.tlsTruncated(needed: 4, available: 3)) { try reader.u32() }
        #expect(throws: WireError.tlsTruncated(needed: 5, available: 1)) { try reader.vector16() }
        var short = TLSReader([0])
        #expect(throws: WireError.tlsTruncated(needed: 2, available: 1)) { try short.vector16() }
        #expect(throws: WireError.self) { try short.bytes(-1) }
        #expect(throws: WireError.self) { try short.bytes(.max) }
        #expect(throws: WireError.tlsTrailingBytes(count: 1)) { try short.finish() }
    }

    @Test func garbageNeverTraps() {
        var generator = SeededGenerator(seed: 8)
        for _ in 0..<100_000 {
            var reader = TLSReader(generator.bytes(upTo: 24))
            while !reader.isAtEnd {
                let before = reader.remaining
                switch Int.random(in: 0..<6, using: &generator) {
                case 0: _ = try? reader.u8()
                case 1: _ = try? reader.u24()
                case 2: _ = try? reader.vector8()
                case 3: _ = try? reader.vector16()
                case 4: _ = try? reader.vector24()
                default: _ = try? reader.u64()
                }
                #expect(reader.remaining <= before)
                if reader.remaining == before { break }
            }
        }
    }
}
