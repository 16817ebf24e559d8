import Consensus
import Ledger
import PeerNetwork
import QuotaCrypto
import Transparency

/// The keys of one node, derived from its seed, one for each purpose.
struct NodeKeys: Sendable {
    let vote: Ed25519VoteSigner
    let voteKey: Ed25519.PublicKey
    let log: Ed25519.PrivateKey
    let logSigner: NoteSigner
    let cosigner: Cosigner
    let transport: TransportIdentity

    /// Derives the keys of `member` on the ledger `origin`.
    init(seed: SecretSeed, member: String, origin: String) throws {
        let voteSecret = try seed.key(for: .vote)
        vote = Ed25519VoteSigner(key: voteSecret)
        voteKey = voteSecret.publicKey
        log = try seed.key(for: .log)
        logSigner = try NoteSigner(name: origin, privateKey: log)
        cosigner = try Cosigner(
            name: NodeCard.cosignerName(member: member, origin: origin),
            privateKey: try seed.key(for: .cosigner)
        )
        transport = try TransportIdentity(seed: seed.keySeed(for: .transport))
    }

    /// Whether these are the keys on `card`: a node with another seed must not start.
    func match(_ card: NodeCard) -> Bool {
        voteKey == card.vote && log.publicKey == card.log && cosigner.key.publicKey == card.cosigner
            && transport.publicKey == card.transport.bytes
    }
}
