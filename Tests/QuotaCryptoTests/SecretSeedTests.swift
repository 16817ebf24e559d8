import QuotaCrypto
import Testing

struct SecretSeedTests {
    @Test func `each purpose has a key of its own, pinned`() throws {
        let seed = try SecretSeed([UInt8](0..<32))
        var known: [String] = []
        for purpose in KeyPurpose.allCases {
            known.append("\(purpose) \(try seed.key(for: purpose).publicKey)")
        }
        #expect(Set(known.map { $0.split(separator: " ")[1] }).count == KeyPurpose.allCases.count)
        // A change here changes the keys of every running node.
        #expect(known == SecretSeedTests.pinned)
    }

    // Computed with Python's hashlib.blake2b (key = seed, salt = 1, person = context) and PyNaCl.
    static let pinned = [
        "vote 59e334f78a361fcd1cac668d390e00d4295ba3f78332eac2774ad17bcf8c75b9",
        "log 6e5f698797aa5c45e7888115091a720b4763222a6afb0d77ec2b46519d9ae67f",
        "cosigner abb2f0f177ee5491fea343960f99d1afd96514c9c9bd039132121a304a8cb8a5",
        "transport d977a4c07809dd6c7c921581fb2fe9035c50e724eabf8fe553cd5cfd473ebb40",
        "statement abb417be0c8cff5e2708f37050ed9adc8454e51b6259017f90db8956ef950531",
    ]

    @Test func `a random seed is new each time and gives its bytes back`() throws {
        let first = SecretSeed.random()
        #expect(first.bytes != SecretSeed.random().bytes)
        #expect(try SecretSeed(first.bytes).bytes == first.bytes)
        #expect(SecureRandom.bytes(40).count == 40)
        #expect(SecureRandom.bytes(40) != SecureRandom.bytes(40))
        #expect(SecureRandom.bytes(0).isEmpty)
    }
}
