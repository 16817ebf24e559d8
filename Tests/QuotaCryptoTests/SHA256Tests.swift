import QuotaCrypto
import TestSupport
import Testing

struct SHA256Tests {
    // FIPS 180-4 examples, from NIST's cryptographic standards page.
    static let known: [(input: String, digest: String)] = [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ]

    @Test(arguments: known)
    func `known answers`(input: String, digest: String) {
        #expect(SHA256.hash(Array(input.utf8)).description == digest)
        var hasher = SHA256()
        hasher.update(input)
        #expect(hasher.finalize().description == digest)
    }

    @Test func `a million times the letter a`() {
        var hasher = SHA256()
        for _ in 0..<1000 { hasher.update([UInt8](repeating: 0x61, count: 1000)) }
        #expect(
            hasher.finalize().description
                == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        )
    }

    @Test(arguments: UInt64(0)..<64)
    func `every way of giving the bytes makes the same hash`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let prefix = random.bytes(Int.random(in: 0...64, using: &random))
        let left = try #require(Digest(random.bytes(32)))
        let right = try #require(Digest(random.bytes(32)))
        let whole = prefix + left.bytes + right.bytes
        let expected = SHA256.hash(whole)

        #expect(SHA256.node(prefix: prefix, left, right) == expected)
        #expect(SHA256.hash(prefix, left.bytes, right.bytes) == expected)
        #expect(SHA256.hash(([1] + whole)[1...]) == expected)

        var hasher = SHA256()
        for byte in prefix { hasher.update(byte: byte) }
        hasher.update(left)
        hasher.update(right.bytes[...])
        #expect(hasher.finalize() == expected)

        #expect(SHA256.leaf(prefix: 0, whole) == SHA256.hash([0], whole))
    }
}
