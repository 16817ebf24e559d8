import ArgumentParser
import CBOR
import Client
import Foundation
import Ledger
import NodeService
import QuotaCrypto
import QuotaFiles
import QuotaRules

/// Founds a ledger in three steps.
struct GenesisCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "genesis",
        abstract: "Founds a ledger: draft, signatures of every founder, genesis statement.",
        subcommands: [Draft.self, Sign.self, Assemble.self, Show.self]
    )

    /// What a draft or a genesis statement says, for people to compare.
    static func summary(_ body: GenesisBody) throws -> String {
        let policy = try Policy.decode(CBORValue.decode(body.policy))
        let catalogue = try ChipCatalogue.decode(CBORValue.decode(body.catalogue))
        var lines = [
            "  origin      \(body.origin)",
            "  policy      \(policy.id), \(policy.statusWords)",
            "  catalogue   \(catalogue.id), \(catalogue.items.count) items",
            "  founders    \(body.members.count)",
        ]
        for member in body.members {
            guard case .member(let card) = try Statement.decode(member).body else { continue }
            let node = card.node.map { "node at \($0.peer)" } ?? "no node"
            lines.append("    \(card.id)  \(card.role.rawValue), \(card.country), \(node)")
        }
        lines.append("  digest      \(SHA256.hash(body.cbor.encoded()))")
        return lines.joined(separator: "\n")
    }

    /// Reads a draft.
    static func draft(_ path: String) throws -> GenesisBody {
        try decoding(path) { try GenesisBody(CBORValue.decode($0)) }
    }

    /// Checks a genesis statement and gives the state and the block that it founds.
    static func genesis(_ path: String) throws -> (state: LedgerState, block: Block) {
        try decoding(path) { try LedgerState.genesis($0) }
    }

    /// What `decode` makes of a JSON file; its error names the file too.
    static func document<Value>(
        _ path: String,
        _ decode: (CBORValue) throws -> Value
    ) throws -> Value {
        let value = try JSONDocument.read(path)
        do {
            return try decode(value)
        } catch {
            throw HomeError(file: path, problem: "\(error)")
        }
    }

    /// The card of a founder's home.
    static func card(of member: MemberHome) throws -> MemberCard {
        guard let card = try member.card()?.card else {
            throw HomeError(file: member.cardFile, problem: "is missing")
        }
        return card
    }

    /// What `decode` makes of a file; its error names the file too.
    static func decoding<Value>(
        _ path: String,
        _ decode: ([UInt8]) throws -> Value
    ) throws -> Value {
        let bytes = try NodeHome.read(path)
        do {
            return try decode(bytes)
        } catch {
            throw HomeError(file: path, problem: "\(error)")
        }
    }
}

extension GenesisCommand {
    /// Puts cards, policy and catalogue together.
    struct Draft: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Puts the founders' cards, a policy and a chip catalogue into a draft."
        )

        @Option(help: "The ledger's origin.")
        var origin: String

        @Option(help: "The policy file, JSON.")
        var policy: String

        @Option(
            help: """
                Why the founders adopt a policy that is not in force. Without it such a policy is \
                refused; with it the draft records its status and this reason.
                """
        )
        var adoptBecause: String?

        @Option(help: "The chip catalogue file, JSON.")
        var catalogue: String

        @Option(parsing: .upToNextOption, help: "The founders' card files.")
        var card: [String]

        @Option(help: "The file to write.")
        var out: String

        func run() async throws {
            try await CommandFailure.reporting {
                var cards: [(id: String, bytes: [UInt8])] = []
                for path in card {
                    let statement = try GenesisCommand.decoding(path) { try Statement.decode($0) }
                    guard case .member(let card) = statement.body else {
                        throw HomeError(file: path, problem: "is no member card")
                    }
                    cards.append((card.id, statement.bytes))
                }
                let catalogue = try GenesisCommand.document(catalogue) {
                    try ChipCatalogue.decode($0)
                }
                let policy = try GenesisCommand.document(policy) { document in
                    let stated = adoptBecause.map {
                        Policy.document(document, adoptedBecause: $0)
                    }
                    let policy = try Policy.decode(stated ?? document)
                    try policy.checkAdoption(with: catalogue)
                    return policy
                }
                let body = GenesisBody(
                    origin: origin,
                    time: UInt64(max(0, Date().timeIntervalSince1970)),
                    members: cards.sorted { $0.id < $1.id }.map(\.bytes),
                    policy: policy.encoded.encoded(),
                    catalogue: catalogue.encoded.encoded()
                )
                try NodeHome.write(body.cbor.encoded(), to: out)
                print("Draft \(out):\n\(try GenesisCommand.summary(body))")
                print("Every founder now checks it and runs: quotad genesis sign --draft \(out)")
            }
        }
    }

    /// Signs a draft.
    struct Sign: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows a draft and signs it with this home's statement key."
        )

        @Option(help: "The home with statement.seed and card.cose.")
        var home: String

        @Option(help: "The draft.")
        var draft: String

        @Option(help: "The approval file to write.")
        var out: String

        func run() async throws {
            try await CommandFailure.reporting {
                let body = try GenesisCommand.draft(draft)
                let member = MemberHome(path: home)
                let card = try GenesisCommand.card(of: member)
                let approval = Approval.sign(
                    body.cbor.encoded(),
                    kind: .genesis,
                    subject: body.origin,
                    audience: body.origin,
                    by: card.id,
                    at: UInt64(max(0, Date().timeIntervalSince1970)),
                    with: try member.statementKey()
                )
                try NodeHome.write(approval.bytes, to: out)
                print("\(card.id) signed:\n\(try GenesisCommand.summary(body))")
            }
        }
    }

    /// Makes the genesis statement.
    struct Assemble: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Joins a draft and the founders' signatures, and prints the chain id."
        )

        @Option(help: "The home of the founder that assembles.")
        var home: String

        @Option(help: "The draft.")
        var draft: String

        @Option(parsing: .upToNextOption, help: "The approval files of all founders.")
        var approval: [String]

        @Option(help: "The genesis file to write.")
        var out: String

        func run() async throws {
            try await CommandFailure.reporting {
                let body = try GenesisCommand.draft(draft)
                let member = MemberHome(path: home)
                let card = try GenesisCommand.card(of: member)
                var statement = StatementDraft(
                    .genesis(body),
                    issuer: card.id,
                    audience: body.origin,
                    issuedAt: body.time
                )
                statement.approvals = try approval.map {
                    try Approval.decode(NodeHome.read($0), kind: .genesis, path: $0)
                }.sorted { $0.approver < $1.approver }
                let genesis = try statement.signed(with: member.statementKey())
                let state = try LedgerState.genesis(genesis.bytes).state
                try NodeHome.write(genesis.bytes, to: out)
                print(
                    """
                    Genesis \(out):
                    \(try GenesisCommand.summary(body))
                      chain id    \(state.chainID)
                    Read the chain id to the other founders by telephone. Then each runs:
                      quotad run --home HOME --genesis \(out)
                    """
                )
            }
        }
    }

    /// Shows a genesis statement.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Checks a genesis statement and shows what it says."
        )

        @Argument(help: "The genesis file.")
        var file: String

        func run() async throws {
            try await CommandFailure.reporting {
                let (state, block) = try GenesisCommand.genesis(file)
                guard case .genesis(let body) = block.statements[0].body else { return }
                print("\(try GenesisCommand.summary(body))\n  chain id    \(state.chainID)")
            }
        }
    }
}
