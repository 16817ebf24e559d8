import Foundation
import Ledger
import LedgerFixture
import PeerNetwork
import QuotaCrypto
import Testing

@testable import NodeService

/// Newer cards of others, for a node that was away for long.
@Suite struct PeerCardsTests {
    /// The links of the first founder, whose home holds a card of the second.
    private func links(
        with makeCard: (LedgerFixture, Founder) throws -> Statement
    ) throws -> [Roster.Link] {
        let cluster = try Cluster()
        defer { cluster.remove() }
        let (home, fixture) = (cluster.home(0), cluster.fixture)
        try FileManager.default.createDirectory(
            atPath: home.peerCardsFolder,
            withIntermediateDirectories: true
        )
        let card = try makeCard(fixture, fixture.founders[1])
        try NodeHome.write(card.bytes, to: home.peerCardsFolder + "/second.cose")
        // Anything else in the folder is not read.
        try NodeHome.write([1], to: home.peerCardsFolder + "/readme.txt")
        let state = try LedgerState.genesis(cluster.genesis.bytes).state
        var slots = SlotTable()
        return try Roster(
            state,
            member: fixture.founders[0].id,
            keys: NodeKeys(file: home.nodeSeedFile, cluster.configuration(0)),
            cards: PeerCards(home: home, state: state),
            slots: &slots
        ).links
    }

    private func node(of member: Founder, seed: SecretSeed) throws -> NodeCard {
        try NodeCard(
            seed: seed,
            member: member.id,
            origin: LedgerFixture.origin,
            peer: "198.51.100.7:9",
            api: "http://198.51.100.7:8"
        )
    }

    private let other: SecretSeed

    init() throws { other = try SecretSeed(SHA256.hash(Array("other".utf8)).bytes) }

    @Test func `the key on a newer card counts beside the ledger's, at its address`() throws {
        let links = try links { fixture, second in
            try fixture.cardStatement(of: second, node: node(of: second, seed: other))
        }
        let peers = links.map(\.peer)
        let second = try #require(peers.first { $0.otherKey != nil })
        #expect(peers.count { $0.otherKey != nil } == 1)
        #expect(second.otherKey == (try other.key(for: .transport).publicKey.bytes))
        #expect(second.otherKey != second.transportKey)
        #expect((second.host, second.port) == ("198.51.100.7", 9))
    }

    @Test func `a card with the key that the ledger names changes nothing`() throws {
        let links = try links { fixture, second in
            try fixture.cardStatement(of: second, node: node(of: second, seed: second.seed))
        }
        #expect(links.allSatisfy { $0.peer.otherKey == nil && $0.peer.host != "198.51.100.7" })
    }

    @Test func `a card that its member did not sign, or without a node, stops the start`() throws {
        let stolen = #expect(throws: NodeError.self) {
            try links { fixture, second in
                try fixture.cardStatement(
                    of: second,
                    node: node(of: second, seed: other),
                    key: fixture.founders[2].key
                )
            }
        }
        #expect(stolen?.description.contains("second.cose: is not signed by") == true)
        let bare = #expect(throws: NodeError.self) {
            try links { fixture, second in try fixture.cardStatement(of: second) }
        }
        #expect(bare?.description.contains("second.cose: is no card of a node") == true)
        #expect(throws: NodeError.self) {
            try links { fixture, second in
                try fixture.cardStatement(
                    of: second,
                    node: node(of: second, seed: other),
                    origin: "quota.example/other"
                )
            }
        }
    }
}
