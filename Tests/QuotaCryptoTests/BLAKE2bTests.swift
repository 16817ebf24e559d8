import QuotaCrypto
import Testing

/// Keyed BLAKE2b against the known answers of its reference implementation.
struct BLAKE2bTests {
    private let key = Array(UInt8(0)...63)

    @Test func `the first keyed answers of the reference are met`() {
        let empty =
            "10ebb67700b1868efb4417987acf4690ae9d972fb7a590c2f02871799aaa4786b5e996e8f0f4eb981fc214b005f42d2ff4233499391653df7aefcbc13fc51568"
        #expect(BLAKE2b.keyedHash([], key: key, byteCount: 64).map(Hex.encode) == empty)
        let zero =
            "961f6dd1e4dd30f63901690c512e78e4b45e4742ed197c3c5e45c549fd25f2e4187b0bc9fe30492b16b0d0bc4ef9b0f34c7003fac09a5ef1532e69430234cebd"
        #expect(BLAKE2b.keyedHash([0], key: key, byteCount: 64).map(Hex.encode) == zero)
    }

    @Test func `lengths out of bounds give nothing`() {
        #expect(BLAKE2b.keyedHash([1], key: Array(key[..<15]), byteCount: 16) == nil)
        #expect(BLAKE2b.keyedHash([1], key: key + [64], byteCount: 16) == nil)
        #expect(BLAKE2b.keyedHash([1], key: key, byteCount: 15) == nil)
        #expect(BLAKE2b.keyedHash([1], key: key, byteCount: 65) == nil)
        #expect(BLAKE2b.keyedHash([1], key: Array(key[..<16]), byteCount: 16)?.count == 16)
    }
}
