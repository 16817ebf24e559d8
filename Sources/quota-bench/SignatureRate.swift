import QuotaCrypto

/// How fast this machine verifies signatures: the limit that everything else is compared with.
enum SignatureRate {
    /// Verifications of a 300-byte message a second on one core, over about a second.
    static func measure() throws -> Double {
        let key = try SecretSeed.random().key(for: .statement)
        let message = SecureRandom.bytes(300)
        let signature = key.sign(message)
        let clock = ContinuousClock()
        let start = clock.now
        var count = 0
        while start.duration(to: clock.now) < .seconds(1) {
            for _ in 0..<200 where key.publicKey.isValid(signature, for: message) { count += 1 }
        }
        return Double(count) / (start.duration(to: clock.now) / .seconds(1))
    }
}
