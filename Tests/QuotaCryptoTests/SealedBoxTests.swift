import QuotaCrypto
import Testing

struct SealedBoxTests {
    let alice: Ed25519.PrivateKey
    let bob: Ed25519.PrivateKey

    init() throws {
        alice = try Ed25519.PrivateKey(seed: [UInt8](repeating: 1, count: 32))
        bob = try Ed25519.PrivateKey(seed: [UInt8](repeating: 2, count: 32))
    }

    @Test(arguments: [0, 1, 1_000])
    func `only the holder of the statement key opens what was sealed to it`(count: Int) throws {
        let message = [UInt8](repeating: 9, count: count)
        let box = try #require(SealedBox.seal(message, to: alice.publicKey))
        #expect(box.count == count + SealedBox.overheadByteCount)
        #expect(SealedBox.open(box, with: alice) == message)
        #expect(SealedBox.open(box, with: bob) == nil)
        #expect(SealedBox.seal(message, to: alice.publicKey) != box)
    }

    @Test func `a damaged or cut box stays closed`() throws {
        let box = try #require(SealedBox.seal([1, 2, 3], to: alice.publicKey))
        for index in box.indices {
            var changed = box
            changed[index] ^= 1
            #expect(SealedBox.open(changed, with: alice) == nil, "byte \(index)")
            #expect(SealedBox.open(Array(box.prefix(index)), with: alice) == nil)
        }
    }
}
