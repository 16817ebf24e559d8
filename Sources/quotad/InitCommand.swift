import ArgumentParser
import Client
import Foundation
import Ledger
import NodeService
import QuotaCrypto

/// Makes the home of a new node.
struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Makes a node's home: keys, configuration, and the card to send to the others.",
        discussion: """
            Refuses to touch a home that has keys: a lost or replaced key cannot be made again. Keep \
            node.seed and statement.seed secret and in a backup; card.cose is public.
            """
    )

    @Option(help: "The home directory to make.")
    var home: String

    @Option(help: "The member id, such as us-bis.")
    var id: String

    @Option(help: "The member's name for people.")
    var name: String

    @Option(help: "government or exporter.")
    var role: String

    @Option(help: "The member's country, ISO 3166-1 alpha-2.")
    var country: String

    @Option(help: "The ledger's origin, such as quota.example/compute-2025.")
    var origin: String

    @Option(help: "The address on which other nodes are accepted, host:port.")
    var peer: String

    @Option(help: "The address of the public HTTP listener, host:port.")
    var api: String

    @Option(
        name: .customLong("api-url"),
        help: "The URL to publish for it; http://<api> if absent."
    )
    var apiURL: String?

    func run() async throws {
        guard let peer = Endpoint(peer) else {
            throw ValidationError("--peer: expected host:port, got '\(peer)'")
        }
        guard let api = Endpoint(api) else {
            throw ValidationError("--api: expected host:port, got '\(api)'")
        }
        try await CommandFailure.reporting {
            // Everything is made before anything is written: a mistake leaves no half-made home.
            let seed = SecretSeed.random()
            let statementSeed = SecretSeed.random()
            let card = try card(seed, statementKey: statementSeed.key(for: .statement), peer, api)
            let configuration = NodeConfiguration(
                member: id,
                origin: origin,
                peerListen: peer,
                apiListen: api
            )
            let node = NodeHome(path: home)
            try node.create()
            for file in [node.nodeSeedFile, node.statementSeedFile] {
                try NodeHome.requireAbsent(file)
            }
            try NodeHome.writeSeed(seed.bytes, to: node.nodeSeedFile)
            try NodeHome.writeSeed(statementSeed.bytes, to: node.statementSeedFile)
            try NodeHome.write(card.bytes, to: node.cardFile)
            try NodeHome.write(Array(configuration.yaml.utf8), to: node.configurationFile)
            print(
                """
                Made \(home) for \(id).
                  card        \(node.cardFile)   send this to the other founders
                  secrets     node.seed, statement.seed   keep them in a backup, show them to nobody
                Next: quotad genesis draft, or wait for the draft of another founder.
                """
            )
        }
    }

    /// The signed member card.
    ///
    /// - Throws: `ValidationError` that names the option whose value no card can have.
    private func card(
        _ seed: SecretSeed,
        statementKey: Ed25519.PrivateKey,
        _ peer: Endpoint,
        _ api: Endpoint
    ) throws -> Statement {
        guard let role = MemberRole(rawValue: role) else {
            throw ValidationError("--role: expected government or exporter, got '\(role)'")
        }
        let card = MemberCard(
            id: id,
            name: name,
            role: role,
            country: country,
            statementKey: statementKey.publicKey,
            node: try NodeCard(
                seed: seed,
                member: id,
                origin: origin,
                peer: peer.description,
                api: apiURL ?? "http://\(api)"
            )
        )
        do throws(StatementError) {
            return try StatementDraft(
                .member(card),
                issuer: id,
                audience: origin,
                issuedAt: UInt64(max(0, Date().timeIntervalSince1970))
            ).signed(with: statementKey)
        } catch {
            guard let option = Self.option(of: error.path) else { throw error }
            throw ValidationError("--\(option): \(error.problem)")
        }
    }

    /// The option that fills a field of the card.
    private static func option(of path: String) -> String? {
        let options = [
            ("$.protected.15.1", "id"), ("$.protected.15.2", "id"), ("$.protected.15.3", "origin"),
            ("$.payload.body.id", "id"), ("$.payload.body.name", "name"),
            ("$.payload.body.country", "country"), ("$.payload.body.node.peer", "peer"),
            ("$.payload.body.node.api", "api-url"),
        ]
        return options.first { $0.0 == path }?.1
    }
}
