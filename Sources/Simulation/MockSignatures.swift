internal import Consensus

/// Signatures for simulated runs: quick to make and check, and of no use to an adversary.
///
/// 64 bytes drawn from a hash of the signer and the message. No simulated member forges.
struct MockSigner: VoteSigner {
    let member: Int

    func sign(_ message: [UInt8]) -> [UInt8] {
        MockSigner.signature(of: message, by: member)
    }

    static func signature(of message: [UInt8], by member: Int) -> [UInt8] {
        var hash = Fingerprint(seed: UInt64(member))
        hash.add(message)
        var random = SeededRandom(seed: hash.value)
        var signature: [UInt8] = []
        signature.reserveCapacity(64)
        for _ in 0..<8 { signature.append(bigEndian: random.next()) }
        return signature
    }
}

struct MockVerifier: VoteVerifier {
    func isValid(_ signature: [UInt8], for message: [UInt8], by member: Int) -> Bool {
        signature == MockSigner.signature(of: message, by: member)
    }
}

/// A 64-bit FNV-1a hash, to compare runs and to draw mock signatures from.
package struct Fingerprint: Sendable {
    /// The hash of what was added so far.
    package private(set) var value: UInt64

    package init(seed: UInt64 = 0) {
        value = 0xCBF2_9CE4_8422_2325
        add(seed)
    }

    package mutating func add(_ bytes: [UInt8]) {
        for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }

    package mutating func add(_ number: UInt64) {
        value = (value ^ number) &* 0x100_0000_01B3
        value ^= value >> 29
    }
}
