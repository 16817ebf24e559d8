internal import Consensus
internal import QuotaCrypto
import Votes

/// The vote keys of a simulated cluster: mock signatures, or real ones where a run is to prove that
/// both behave the same.
struct SimulatedKeys: Sendable {
    private let privateKeys: [Ed25519.PrivateKey]
    let verifier: any VoteVerifier

    init(memberCount: Int, isReal: Bool) {
        privateKeys =
            isReal
            ? (0..<memberCount).compactMap { member in
                try? Ed25519.PrivateKey(
                    seed: SHA256.hash(Array("vote key \(member)".utf8)).bytes
                )
            } : []
        verifier =
            isReal
            ? Ed25519VoteVerifier(keys: privateKeys.map(\.publicKey)) : MockVerifier()
    }

    func signer(of member: Int) -> any VoteSigner {
        privateKeys.indices.contains(member)
            ? Ed25519VoteSigner(key: privateKeys[member]) : MockSigner(member: member)
    }

    /// The signer of a seat; that of a founder's first seat is `signer(of: Int)`.
    func signer(of seat: ToySeat) -> any VoteSigner {
        guard let key = key(of: seat) else { return MockSigner(member: number(of: seat)) }
        return Ed25519VoteSigner(key: key)
    }

    /// Who checks the votes of an epoch with these seats.
    func verifier(of seats: [ToySeat]) -> any VoteVerifier {
        let keys = seats.compactMap(key)
        guard keys.count == seats.count else { return MockVerifier(signers: seats.map(number)) }
        return Ed25519VoteVerifier(keys: keys.map(\.publicKey))
    }

    private func number(of seat: ToySeat) -> Int { seat.member + 1_000 * seat.generation }

    private func key(of seat: ToySeat) -> Ed25519.PrivateKey? {
        guard !privateKeys.isEmpty else { return nil }
        let mark = seat.generation == 0 ? "" : ".\(seat.generation)"
        let name = Array("vote key \(seat.member)\(mark)".utf8)
        return try? Ed25519.PrivateKey(seed: SHA256.hash(name).bytes)
    }

    /// The public keys of seats in their order; none for mock signatures.
    func publicKeys(of seats: [ToySeat]) -> [[UInt8]] {
        seats.compactMap(key).map(\.publicKey.bytes)
    }
}
