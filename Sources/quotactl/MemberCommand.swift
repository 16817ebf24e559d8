import ArgumentParser
import Client
import Ledger
import QuotaCrypto

/// `quotactl member`: the card by which others know you.
struct MemberCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "member",
        abstract: "Makes the card by which others know you.",
        subcommands: [MemberCardCommand.self]
    )
}

/// `quotactl member card`.
struct MemberCardCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "card",
        abstract: "Makes a member card without a node, signed by your statement key.",
        discussion: """
            Send the card to the founders, or to a member who proposes you. Whoever runs a node \
            makes the card with 'quotad init' instead.

            A second key agrees to the card. Where another person holds it, write a draft with \
            --draft; that person approves it as the member, with the second key; then sign it.

            Examples:
              quotactl member card --member atlas --name "Atlas Accelerators" --role exporter \\
                  --country US --origin quota.example/compute-2025
              quotactl member card … --co-key HEX --draft card.draft
              quotactl approve card.draft --member atlas --key second.seed --out card.approval
              quotactl sign card.draft --approval card.approval --out card.cose
            """
    )

    @OptionGroup(title: "Common options") var common: CommonOptions
    @OptionGroup(title: "Signing") var signing: SigningOptions

    @Option(help: "The name for people.")
    var name: String

    @Option(help: "government, exporter, consignee or inspector.")
    var role: String

    @Option(
        help: ArgumentHelp("The registered organisation that you sign for.", valueName: "id")
    )
    var organisation: String?

    @Option(
        help: ArgumentHelp(
            "The public half of a second key, held by another person; see 'quotactl key show'.",
            valueName: "hex"
        )
    )
    var coKey: String?

    @Option(
        help: ArgumentHelp("The seed file of the second key, if it is at hand.", valueName: "file")
    )
    var coSeed: String?

    @Option(
        help: ArgumentHelp(
            "Write an unsigned draft to this file, for the second key to approve first.",
            valueName: "file"
        )
    )
    var draft: String?

    @Option(help: ArgumentHelp("Your country, as US.", valueName: "cc"))
    var country: String

    func run() throws {
        guard let role = MemberRole(rawValue: role) else {
            let names = MemberRole.allCases.map(\.rawValue).joined(separator: ", ")
            throw UsageError("--role: expected one of \(names), got '\(role)'")
        }
        let signer = try signing.signer(common)
        let seed = try coSeed.map { try common.memberHome.statementKey(path: $0) }
        let second = try secondKey(seed?.publicKey)
        let card = MemberCard(
            id: signer.member,
            name: name,
            role: role,
            country: country,
            statementKey: signer.publicKey,
            coKey: second,
            organisation: organisation,
            node: nil
        )
        let time = try signing.time()
        var unsigned = signer.draft(.member(card), at: time)
        if let draft { return try write(unsigned, to: draft) }
        if let seed {
            let person = MemberSigner(member: signer.member, origin: signer.origin, key: seed)
            unsigned.approvals = [person.approve(unsigned, at: time)]
        } else if second != nil {
            throw UsageError(
                "--co-key: the second key agrees to the card. Give its seed with --co-seed, or write "
                    + "a --draft for its holder to approve."
            )
        }
        let statement = try signer.sign(unsigned)
        let file = signing.out ?? common.memberHome.cardFile
        try HomeFile.write(statement.bytes, to: file)
        guard !common.json else {
            return Terminal.writeJSON(CardDocument(file: file, thumbprint: "\(statement.kid)"))
        }
        Terminal.write("written    \(file)\nthumbprint \(statement.kid)\n")
    }

    /// The public half of the second key, as given or of the seed at hand.
    private func secondKey(_ ofSeed: Ed25519.PublicKey?) throws -> Ed25519.PublicKey? {
        guard let coKey else { return ofSeed }
        guard let bytes = Hex.decode(coKey), let key = try? Ed25519.PublicKey(bytes) else {
            throw UsageError("--co-key: expected the 64 hexadecimal digits of a public key")
        }
        guard ofSeed == nil || ofSeed == key else {
            throw UsageError("--co-seed: holds another key than --co-key names")
        }
        return key
    }

    private func write(_ unsigned: StatementDraft, to file: String) throws {
        try HomeFile.write(unsigned.encoded(), to: file)
        guard !common.json else { return Terminal.writeJSON(DraftFile.document(unsigned)) }
        Terminal.write(
            """
            draft      \(file)  card of \(unsigned.issuer)
              next     holder of the second key: quotactl approve \(file) --member \(unsigned.issuer)
                       then you: quotactl sign \(file) --approval FILE --out CARD

            """
        )
    }

    private struct CardDocument: Encodable {
        let file: String
        let thumbprint: String
    }
}
