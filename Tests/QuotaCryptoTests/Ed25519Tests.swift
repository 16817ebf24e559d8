import TestSupport
import Testing

@testable import QuotaCrypto

struct Ed25519Tests {
    /// RFC 8032 section 7.1, TEST 2.
    @Test func `the signature of RFC 8032`() throws {
        let seed = try #require(
            Hex.decode("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
        )
        let key = try Ed25519.PrivateKey(seed: seed)
        #expect(
            key.publicKey.description
                == "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
        )
        let signature = key.sign([0x72])
        #expect(
            Hex.encode(signature)
                == "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        )
        #expect(key.publicKey.isValid(signature, for: [0x72]))
    }

    @Test func `the installed library follows the rule`() throws {
        try Ed25519.checkLibrary()
    }

    @Test func `of the edge cases only the ordinary one is accepted`() {
        #expect(Ed25519.edgeCases.count == 15)
        #expect(Ed25519.edgeCases.filter(\.isAcceptedByLibrary).map(\.name) == ["ordinary"])
        #expect(Ed25519.edgeCases.filter(\.isAcceptedByRule).map(\.name) == ["ordinary"])
    }

    @Test(arguments: UInt64(0)..<16)
    func `every changed bit spoils a signature`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let key = try Ed25519.PrivateKey(seed: random.bytes(32))
        let message = random.bytes(Int(seed) * 5)
        let signature = key.sign(message)
        #expect(key.publicKey.isValid(signature, for: message))
        #expect(!key.publicKey.isValid(signature, for: message + [0]))
        for bit in 0..<(signature.count * 8) {
            var changed = signature
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(!key.publicKey.isValid(changed, for: message), "bit \(bit)")
        }
    }

    @Test(arguments: [0, 1, 63, 65, 128])
    func `a signature of another length is refused`(count: Int) throws {
        let key = try Ed25519.PrivateKey(seed: [UInt8](repeating: 1, count: 32))
        #expect(!key.publicKey.isValid([UInt8](repeating: 0, count: count), for: []))
    }

    @Test(arguments: [0, 31, 33])
    func `a key of another length is refused`(count: Int) {
        let bytes = [UInt8](repeating: 1, count: count)
        #expect(throws: CryptoError.wrongLength(expected: 32, actual: count)) {
            try Ed25519.PublicKey(bytes)
        }
        #expect(throws: CryptoError.wrongLength(expected: 32, actual: count)) {
            try Ed25519.PrivateKey(seed: bytes)
        }
        #expect(throws: CryptoError.wrongLength(expected: 32, actual: count)) {
            try SecretSeed(bytes)
        }
    }

    @Test(arguments: UInt64(0)..<256)
    func `random bytes are refused or are a key`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let bytes = random.bytes(32)
        if let key = try? Ed25519.PublicKey(bytes) { #expect(key.bytes == bytes) }
    }
}
