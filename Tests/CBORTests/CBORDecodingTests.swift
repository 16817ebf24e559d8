import CBOR
import QuotaCrypto
import TestSupport
import Testing

struct CBORDecodingTests {
    static let refused: [(hex: String, code: CBORError.Code, offset: Int)] = [
        ("", .truncated, 0),
        ("18", .truncated, 0), ("1901", .truncated, 0), ("1b00000000000000", .truncated, 0),
        ("41", .truncated, 0), ("62c3", .truncated, 0), ("81", .truncated, 0),
        ("a1", .truncated, 0), ("a101", .truncated, 0), ("c1", .truncated, 1),
        ("820141", .truncated, 2),
        ("0000", .trailingBytes, 1), ("f600", .trailingBytes, 1), ("800a", .trailingBytes, 1),
        ("1817", .notShortest, 0), ("1900ff", .notShortest, 0), ("1a0000ffff", .notShortest, 0),
        ("1b00000000ffffffff", .notShortest, 0), ("3817", .notShortest, 0),
        ("580101", .notShortest, 0), ("780161", .notShortest, 0), ("980101", .notShortest, 0),
        ("b8010101", .notShortest, 0), ("d80100", .notShortest, 0), ("811800", .notShortest, 1),
        ("5f4101ff", .indefiniteLength, 0), ("7f6161ff", .indefiniteLength, 0),
        ("9f01ff", .indefiniteLength, 0), ("bf0101ff", .indefiniteLength, 0),
        ("ff", .indefiniteLength, 0), ("81ff", .indefiniteLength, 1),
        ("1f", .reservedHead, 0), ("3f", .reservedHead, 0), ("df00", .reservedHead, 0),
        ("1c", .reservedHead, 0), ("1d", .reservedHead, 0), ("1e", .reservedHead, 0),
        ("5c", .reservedHead, 0), ("fc", .reservedHead, 0), ("fd", .reservedHead, 0),
        ("fe", .reservedHead, 0),
        ("f90000", .float, 0), ("fa00000000", .float, 0), ("fb0000000000000000", .float, 0),
        ("81f93c00", .float, 1),
        ("f7", .simpleValue, 0), ("e0", .simpleValue, 0), ("f0", .simpleValue, 0),
        ("f818", .simpleValue, 0), ("f8ff", .simpleValue, 0), ("f814", .simpleValue, 0),
        ("a202000100", .unsortedKeys, 3), ("a2616201616102", .unsortedKeys, 4),
        ("a22000190100" + "00", .unsortedKeys, 3), ("a2626161016162" + "02", .unsortedKeys, 5),
        ("a201000100", .duplicateKey, 3), ("a2616101616102", .duplicateKey, 4),
        ("61ff", .invalidText, 0), ("62c328", .invalidText, 0), ("63eda080", .invalidText, 0),
        ("62c080", .invalidText, 0), ("64f4908080", .invalidText, 0), ("816180", .invalidText, 1),
        // Counts that the bytes cannot hold, up to 2^64 - 1, are refused before anything is reserved.
        ("5bffffffffffffffff", .truncated, 0), ("7bffffffffffffffff", .truncated, 0),
        ("9bffffffffffffffff", .truncated, 0), ("bbffffffffffffffff", .truncated, 0),
        ("9a7fffffff", .truncated, 0), ("bb8000000000000000" + "0000", .truncated, 0),
    ]

    @Test(arguments: refused)
    func `each defect has its code and place`(
        hex: String,
        code: CBORError.Code,
        offset: Int
    ) throws {
        let bytes = try #require(Hex.decode(hex))
        #expect(throws: CBORError(code, offset: offset)) { try CBORValue.decode(bytes) }
    }

    @Test func `descriptions name the byte`() {
        #expect(
            CBORError(.duplicateKey, offset: 7).description
                == "CBOR at byte 7: a map key occurs twice"
        )
    }

    @Test func `the byte limit holds at the limit and one past it`() throws {
        let limits = CBORLimits(byteCountMax: 10, depthMax: 4, itemCountMax: 10)
        let fits = CBORValue.bytes([UInt8](repeating: 0, count: 9)).encoded()
        #expect(try CBORValue.decode(fits, limits: limits).bytesValue?.count == 9)
        #expect(throws: CBORError(.tooLong, offset: 10)) {
            try CBORValue.decode(
                CBORValue.bytes([UInt8](repeating: 0, count: 10)).encoded(),
                limits: limits
            )
        }
    }

    @Test func `a statement may have 65,535 bytes and no more`() throws {
        let content = [UInt8](repeating: 0, count: 65_532)
        let fits = CBORValue.bytes(content).encoded()
        #expect(fits.count == 65_535)
        #expect(try CBORValue.decode(fits) == .bytes(content))
        #expect(throws: CBORError(.tooLong, offset: 65_535)) {
            try CBORValue.decode(CBORValue.bytes(content + [0]).encoded())
        }
    }

    @Test(arguments: [[UInt8(0x81)], [0xC1], [0xA1, 0x00]])
    func `the depth limit holds at the limit and one past it`(opening: [UInt8]) throws {
        func nested(_ levels: Int) -> [UInt8] {
            Array(repeatElement(opening, count: levels - 1).joined()) + [0x00]
        }
        _ = try CBORValue.decode(nested(16))
        // The key of the sixteenth map is the first item that is too deep.
        let offset = opening[0] == 0xA1 ? 31 : 16
        #expect(throws: CBORError(.tooDeep, offset: offset)) { try CBORValue.decode(nested(17)) }
        #expect(throws: CBORError.self) { try CBORValue.decode(nested(20_000)) }
    }

    @Test func `the item limit holds at the limit and one past it`() throws {
        let limits = CBORLimits(byteCountMax: 1000, depthMax: 4, itemCountMax: 5)
        #expect(try CBORValue.decode([0x84, 0, 1, 2, 3], limits: limits).arrayValue?.count == 4)
        #expect(throws: CBORError(.tooManyItems, offset: 0)) {
            try CBORValue.decode([0x85, 0, 1, 2, 3, 4], limits: limits)
        }
        #expect(try CBORValue.decode([0xA2, 0, 0, 1, 1], limits: limits).mapValue?.count == 2)
        #expect(throws: CBORError(.tooManyItems, offset: 0)) {
            try CBORValue.decode([0xA3, 0, 0, 1, 1, 2, 2], limits: limits)
        }
        #expect(throws: CBORError(.tooManyItems, offset: 5)) {
            try CBORValue.decode([0x84, 0xC1, 0, 0xC1, 0, 0, 0], limits: limits)
        }
    }

    @Test(arguments: UInt64(0)..<64)
    func `random bytes are refused or are the one encoding`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for _ in 0..<300 {
            let bytes = random.bytes(Int.random(in: 0...24, using: &random))
            if let value = try? CBORValue.decode(bytes) { #expect(value.encoded() == bytes) }
        }
    }

    @Test(arguments: UInt64(0)..<128)
    func `mutated encodings are refused or are the one encoding`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let original = RandomCBOR.value(depth: 6, using: &random).encoded()
        for _ in 0..<100 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<max(bytes.count, 1), using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0 where place < bytes.count:
                    bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1 where place < bytes.count:
                    bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
                case 2 where place < bytes.count: bytes.removeSubrange(place...)
                default:
                    bytes.insert(
                        UInt8.random(in: 0...255, using: &random),
                        at: min(place, bytes.count)
                    )
                }
            }
            if let value = try? CBORValue.decode(bytes) { #expect(value.encoded() == bytes) }
        }
    }
}
