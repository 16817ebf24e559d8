import ArgumentParser
import Client
import Foundation
import Ledger
import NodeService
import QuotaCrypto

/// The node's keys over the epochs of a ledger.
struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Changes the keys, the address or the role of this member's node.",
        subcommands: [Rotate.self, Leave.self]
    )

    /// The member's present card with another node, signed by its statement key.
    static func card(_ home: NodeHome, node: NodeCard?) throws -> Statement {
        let present = try presentCard(home)
        let card = MemberCard(
            id: present.id,
            name: present.name,
            role: present.role,
            country: present.country,
            statementKey: present.statementKey,
            coKey: present.coKey,
            organisation: present.organisation,
            node: node
        )
        let seed = try SecretSeed(NodeHome.readSeed(home.statementSeedFile))
        return try StatementDraft(
            .member(card),
            issuer: card.id,
            audience: try home.configuration().origin,
            issuedAt: UInt64(max(0, Date().timeIntervalSince1970))
        ).signed(with: seed.key(for: .statement))
    }

    static func presentCard(_ home: NodeHome) throws -> MemberCard {
        let statement = try GenesisCommand.decoding(home.cardFile) { try Statement.decode($0) }
        guard case .member(let card) = statement.body else {
            throw HomeError(file: home.cardFile, problem: "is no member card")
        }
        return card
    }
}

extension KeysCommand {
    /// Makes new keys that wait for the end of the epoch.
    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes new keys for the node, and the card that proposes them.",
            discussion: """
                The node goes on with its old keys until the members have voted the card in and the \
                epoch is sealed; it then uses the new ones, and erases the old ones by itself. Propose \
                the card with: quotactl propose key CARD --id ID
                """
        )

        @Option(help: "The node's home.")
        var home: String

        @Option(help: "Another address for other nodes, host:port.")
        var peer: String?

        @Option(name: .customLong("api-url"), help: "Another URL to publish for the HTTP listener.")
        var apiURL: String?

        @Option(help: "The card file to write.")
        var out: String

        func run() async throws {
            try await CommandFailure.reporting {
                let home = NodeHome(path: home)
                let present = try KeysCommand.presentCard(home)
                guard let node = present.node else {
                    throw HomeError(file: home.cardFile, problem: "names no node")
                }
                try NodeHome.requireAbsent(home.nextSeedFile)
                let seed = SecretSeed.random()
                let next = try NodeCard(
                    seed: seed,
                    member: present.id,
                    origin: try home.configuration().origin,
                    peer: peer ?? node.peer,
                    api: apiURL ?? node.api
                )
                let card = try KeysCommand.card(home, node: next)
                try NodeHome.writeSeed(seed.bytes, to: home.nextSeedFile)
                try NodeHome.write(card.bytes, to: out)
                print("Made \(home.nextSeedFile); propose \(out): quotactl propose key \(out)")
            }
        }
    }

    /// Makes the card of a member that runs no node any more.
    struct Leave: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes the card by which this member's node ceases to vote.",
            discussion: "The member stays one. Propose it with: quotactl propose key CARD --id ID"
        )

        @Option(help: "The node's home.")
        var home: String

        @Option(help: "The card file to write.")
        var out: String

        func run() async throws {
            try await CommandFailure.reporting {
                let card = try KeysCommand.card(NodeHome(path: home), node: nil)
                try NodeHome.write(card.bytes, to: out)
                print("Propose \(out): quotactl propose key \(out)")
            }
        }
    }
}
