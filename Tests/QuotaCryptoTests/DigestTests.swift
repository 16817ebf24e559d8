import QuotaCrypto
import TestSupport
import Testing

struct DigestTests {
    @Test func `a digest gives its bytes back and shows them in lower case`() throws {
        let bytes = [UInt8](0..<32)
        let digest = try #require(Digest(bytes))
        #expect(digest.bytes == bytes)
        #expect(digest.description == Hex.encode(bytes))
        #expect(Digest(hex: digest.description) == digest)
        #expect(Digest([0xFF] + bytes + [0xFF]) == nil)
        #expect(Digest(([0xFF] + bytes)[1...]) == digest)
        var appended: [UInt8] = [1]
        digest.append(to: &appended)
        #expect(appended == [1] + bytes)
    }

    @Test(arguments: [0, 1, 31, 33, 64])
    func `any other length is refused`(count: Int) {
        #expect(Digest([UInt8](repeating: 7, count: count)) == nil)
    }

    @Test(arguments: UInt64(0)..<64)
    func `digests order as their bytes do`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let left = random.bytes(32)
        var right = seed.isMultiple(of: 2) ? left : random.bytes(32)
        right[Int(seed / 2)] &+= 1
        let leftDigest = try #require(Digest(left))
        let rightDigest = try #require(Digest(right))
        #expect((leftDigest < rightDigest) == left.lexicographicallyPrecedes(right))
        for position in 0..<256 {
            let expected = left[position / 8] >> UInt8(7 - position % 8) & 1 == 1
            #expect(leftDigest.bit(position) == expected)
        }
    }

    @Test func `zero is 32 zero bytes`() {
        #expect(Digest.zero.bytes == [UInt8](repeating: 0, count: 32))
    }
}
