internal import Consensus
internal import QuotaCrypto

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

    /// The public keys in the order of members; none for mock signatures.
    var publicKeys: [[UInt8]] { privateKeys.map(\.publicKey.bytes) }
}
