internal import Consensus
import Votes

/// Signatures for simulated runs: quick to make and check, and of no use to an adversary.
///
/// 64 bytes drawn from a hash of the signer and the message. No simulated member forges.
struct MockSigner: VoteSigner {
    let member: Int

    func sign(_ message: [UInt8]) -> [UInt8] {
        var random = MockSigner.source(of: message, by: member)
        var signature: [UInt8] = []
        signature.reserveCapacity(64)
        for _ in 0..<8 { signature.append(bigEndian: random.next()) }
        return signature
    }

    /// What the eight words of a signature are drawn from.
    fileprivate static func source(of message: [UInt8], by member: Int) -> SeededRandom {
        var hash = Fingerprint(seed: UInt64(member))
        hash.add(message)
        return SeededRandom(seed: hash.value)
    }
}

struct MockVerifier: VoteVerifier {
    /// The signers by position; empty if each position is its own.
    var signers: [Int] = []

    func isValid(_ signature: [UInt8], for message: [UInt8], by member: Int) -> Bool {
        guard signature.count == 64 else { return false }
        let signer = signers.indices.contains(member) ? signers[member] : member
        var random = MockSigner.source(of: message, by: signer)
        return signature.withUnsafeBytes { bytes in
            (0..<8).allSatisfy { word in
                random.next().bigEndian
                    == bytes.loadUnaligned(fromByteOffset: word * 8, as: UInt64.self)
            }
        }
    }
}

/// A 64-bit hash in the manner of FNV-1a over words, to compare runs and to draw mock signatures
/// from.
package struct Fingerprint: Sendable {
    /// The hash of what was added so far.
    package private(set) var value: UInt64

    package init(seed: UInt64 = 0) {
        value = 0xCBF2_9CE4_8422_2325
        add(seed)
    }

    /// Adds bytes, eight at a time; how they were cut into calls counts too.
    package mutating func add(_ bytes: [UInt8]) {
        let wordCount = bytes.count / 8
        bytes.withUnsafeBytes { buffer in
            for word in 0..<wordCount {
                let loaded = buffer.loadUnaligned(fromByteOffset: word * 8, as: UInt64.self)
                add(UInt64(littleEndian: loaded))
            }
        }
        var rest = UInt64(bytes.count)
        for byte in bytes[(wordCount * 8)...] { rest = rest << 8 | UInt64(byte) }
        add(rest)
    }

    package mutating func add(_ number: UInt64) {
        value = (value ^ number) &* 0x100_0000_01B3
        value ^= value >> 29
    }
}
