import ArgumentParser
import Client
import Ledger
import Verifier

/// `quotactl disclose`: opens some private values of a statement to one reader.
struct DiscloseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disclose",
        abstract: "Opens private values of a claim to a government or to a court.",
        discussion: """
            The ledger holds private values as salted digests only. This writes the salts and values of \
            the fields you name, with the claim and its receipts, to a file that proves that the values \
            belong to the claim. With --to the file is sealed to the statement key that the ledger \
            holds for that member, proven by your trust policy; nothing goes through the ledger, until you record \
            there that you disclosed it: 'quotactl claim disclosed'. Check a file with \
            'quota-verify disclosure'; open a sealed one with 'quotactl open'.

            Examples:
              quotactl disclose A-2026-004 site serials --to us-bis
              quotactl disclose A-2026-004 licence --out exhibit.disclosure
            """
    )

    @Argument(help: "The claim's id, or the hash of an entry of any kind.")
    var claim: String

    @Argument(help: "The fields to open: consignee, site, serials, licence, reference, name.")
    var fields: [String]

    @OptionGroup(title: "Common options") var common: CommonOptions

    @Option(help: ArgumentHelp("The member that may read it.", valueName: "id"))
    var to: String?

    @Option(help: ArgumentHelp("Where to write it.", valueName: "file"))
    var out: String?

    func run() async throws {
        guard let check = try common.receiptCheck() else {
            throw UsageError("give --policy FILE: what is disclosed is proven before it is written")
        }
        let issuer = try common.profile().member
        let (bytes, sealed) = try await common.withClient { client in
            let entry = try await ClaimLookup.entry(claim, issuer: issuer, through: client)
            let statement = try Statement.decode(try await client.statementBytes(entry))
            let openings = try DisclosureBook(home: common.memberHome)
                .openings(of: statement, fields: fields)
            let proven = try await client.provenReceipts(of: statement, by: check)
            let bytes = UnverifiedDisclosure.encode(proven.transparent, openings: openings)
            _ = try UnverifiedDisclosure(bytes).verify(check.policy)
            guard let to else { return (bytes, nil as [UInt8]?) }
            let card = try await client.provenMember(to, by: check.policy)
            return (bytes, try SealedDisclosure(bytes, to: card).bytes)
        }
        let file = out ?? fileName
        try HomeFile.write(sealed ?? bytes, to: file, isSecret: true, replacing: true)
        let report = Report(file: file, fields: fields, sealedTo: to)
        guard !common.json else { return Terminal.writeJSON(report) }
        Terminal.write("written    \(file)\n")
        Terminal.write("  opens    \(fields.joined(separator: ", "))\n")
        Terminal.write("  readable \(to.map { "by \($0) alone" } ?? "by whoever has the file")\n")
    }

    private var fileName: String {
        let name = claim.map { $0 == "/" ? "_" : $0 }.map(String.init).joined()
        return to.map { "\(name)-\($0).sealed" } ?? "\(name).disclosure"
    }

    private struct Report: Encodable {
        let file: String
        let fields: [String]
        let sealedTo: String?
    }
}

/// `quotactl open`: opens what was sealed to this member.
struct OpenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "open",
        abstract: "Opens a disclosure that was sealed to you.",
        discussion: """
            Writes the disclosure inside, to be checked with 'quota-verify disclosure'.

            Example:
              quotactl open A-2026-004-us-bis.sealed --out A-2026-004.disclosure
            """
    )

    @Argument(help: "The sealed file.")
    var file: String

    @OptionGroup(title: "Common options") var common: CommonOptions

    @Option(
        help: ArgumentHelp(
            "The seed file of the statement key. Default: statement.seed in the folder.",
            valueName: "file"
        )
    )
    var key: String?

    @Option(help: ArgumentHelp("Where to write it.", valueName: "file"))
    var out: String

    func run() throws {
        let sealed = try SealedDisclosure(try HomeFile.read(file))
        let bytes = try sealed.opened(with: try common.memberHome.statementKey(path: key))
        let disclosure = try UnverifiedDisclosure(bytes)
        try HomeFile.write(bytes, to: out, isSecret: true, replacing: true)
        let identity = disclosure.statement.statement.identity
        let fields = disclosure.openings.map(\.field)
        guard !common.json else {
            return Terminal.writeJSON(
                Report(
                    file: out,
                    issuer: identity.issuer,
                    subject: identity.subject,
                    fields: fields
                )
            )
        }
        Terminal.write("written    \(out)\n")
        Terminal.write(
            "  about    \(identity.kind.rawValue) '\(identity.subject)' by \(identity.issuer)\n"
        )
        Terminal.write("  opens    \(fields.joined(separator: ", "))\n")
        Terminal.write("  not checked yet: quota-verify disclosure \(out) --policy POLICY\n")
    }

    private struct Report: Encodable {
        let file: String
        let issuer: String
        let subject: String
        let fields: [String]
    }
}
