import Consensus
import Foundation
import Ledger
import PeerNetwork
import QuotaCrypto
import Transparency
import Votes

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

extension NodeKeys {
    /// The keys in the home that are those on a card: the present ones, or those that wait for a seal.
    static func matching(
        _ card: NodeCard,
        in home: NodeHome,
        _ configuration: NodeConfiguration
    ) -> NodeKeys? {
        [home.nodeSeedFile, home.nextSeedFile].lazy
            .compactMap { try? NodeKeys(file: $0, configuration) }.first { $0.match(card) }
    }

    /// The keys of the seed in a file.
    init(file: String, _ configuration: NodeConfiguration) throws {
        try self.init(
            seed: try SecretSeed(NodeHome.readSeed(file)),
            member: configuration.member,
            origin: configuration.origin
        )
    }

    /// Makes the seed that waited for the end of an epoch the present one, if `keys` come from it; the
    /// old one is overwritten by name.
    ///
    /// - Returns: Whether there was something to do.
    static func promote(
        _ keys: NodeKeys,
        in home: NodeHome,
        _ configuration: NodeConfiguration
    ) throws -> Bool {
        guard FileManager.default.fileExists(atPath: home.nextSeedFile) else { return false }
        let next = try NodeKeys(file: home.nextSeedFile, configuration)
        guard next.voteKey == keys.voteKey else { return false }
        try NodeHome.replace(home.nodeSeedFile, by: home.nextSeedFile)
        return true
    }
}
