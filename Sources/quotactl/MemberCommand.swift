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

            Example:
              quotactl member card --member atlas --name "Atlas Accelerators" --role exporter \\
                  --country US --origin quota.example/compute-2025
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

    @Option(help: ArgumentHelp("Your country, as US.", valueName: "cc"))
    var country: String

    func run() throws {
        guard let role = MemberRole(rawValue: role) else {
            let names = MemberRole.allCases.map(\.rawValue).joined(separator: ", ")
            throw UsageError("--role: expected one of \(names), got '\(role)'")
        }
        let second = try coKey.map { text in
            guard let bytes = Hex.decode(text), let key = try? Ed25519.PublicKey(bytes) else {
                throw UsageError("--co-key: expected the 64 hexadecimal digits of a public key")
            }
            return key
        }
        let signer = try signing.signer(common)
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
        let statement = try signer.sign(.member(card), at: signing.time())
        let file = signing.out ?? common.memberHome.cardFile
        try HomeFile.write(statement.bytes, to: file)
        guard !common.json else {
            return Terminal.writeJSON(CardDocument(file: file, thumbprint: "\(statement.kid)"))
        }
        Terminal.write("written    \(file)\nthumbprint \(statement.kid)\n")
    }

    private struct CardDocument: Encodable {
        let file: String
        let thumbprint: String
    }
}
