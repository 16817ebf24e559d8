import APIModel
import ArgumentParser
import Client
import Ledger
import QuotaRules

/// `quotactl claim new`.
struct ClaimNewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Makes one claim, and says whether it passes and why.",
        discussion: """
            Examples:
              quotactl claim new A-2026-004 --authority LICENSE --destination MY \\
                  --consignee penang-cloud --line h100-sxm=631 --exported 2026-04-13
              quotactl claim new A-2026-005 --authority LPP --destination KE \\
                  --consignee savanna-university --line h100-sxm=1699 --exported 2026-04-20 \\
                  --evidence lpp_certification --dry-run
            """
    )

    @Argument(help: "Your id of the claim, never used twice.")
    var id: String

    @OptionGroup(title: "Common options") var common: CommonOptions
    @OptionGroup(title: "Signing") var signing: SigningOptions
    @OptionGroup(title: "The claim") var claim: ClaimOptions
    @OptionGroup(title: "Confidential: only salted digests enter the ledger")
    var confidential: ConfidentialOptions

    @Flag(help: "Only ask whether it would pass; sign and send nothing.")
    var dryRun = false

    func run() async throws {
        let signer = try signing.signer(common)
        let time = try signing.time()
        let book = DisclosureBook(home: common.memberHome)
        let details = try confidential.details(id: id, book: book)
        let body = try claim.body(id: id, book: book, confidential: details)
        let statement = try signer.sign(.claim(body), id: id, at: time)
        guard signing.out == nil || dryRun else {
            return try await Submission(common: common).handle(
                statement,
                out: signing.out,
                summary: claim.summary
            )
        }
        let question = DryRunClaim(issuer: signer.member, subject: id, body: statement.bodyBytes)
        let verdicts = try await common.withClient { try await $0.dryRun([question]) }
        guard !dryRun else {
            return try VerdictReport([(id, verdicts[0])]).finish(asJSON: common.json)
        }
        try await Submission(common: common, preview: verdicts[0].decision).handle(
            statement,
            out: nil,
            summary: claim.summary
        )
    }
}

/// What a claim says.
struct ClaimOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The route: LICENSE, LPP, AIA, NVEU.", valueName: "route"))
    var authority: String

    @Option(help: ArgumentHelp("The destination.", valueName: "cc"))
    var destination: String

    @Option(help: ArgumentHelp("The organisation that receives.", valueName: "id"))
    var consignee: String

    @Option(
        help: ArgumentHelp(
            "A further party, as end_user=savanna-university; may be repeated.",
            valueName: "role=id"
        )
    )
    var party: [String] = []

    @Option(
        help: ArgumentHelp("What is shipped, as h100-sxm=631; may be repeated.", valueName: "sku=n")
    )
    var line: [String]

    @Option(help: ArgumentHelp("The day of export.", valueName: "date"))
    var exported: String

    @Option(help: ArgumentHelp("The day of receipt, if known.", valueName: "date"))
    var received: String?

    @Option(
        help: ArgumentHelp(
            "A document on file, as lpp_certification; may be repeated.",
            valueName: "type"
        )
    )
    var evidence: [String] = []

    @Option(help: ArgumentHelp("The facility where the goods will stand.", valueName: "id"))
    var facility: String?

    @Option(
        help: ArgumentHelp(
            "The claim whose delivered goods these are, for a re-export.",
            valueName: "issuer/claim"
        )
    )
    var source: StatementName?

    @Option(help: "Licence or order number; only a salted digest of it enters the ledger.")
    var reference: String?

    @Option(help: "A reference that everybody may read.")
    var publicReference: String?

    /// The claim in a few words.
    var summary: String {
        "\(line.map { $0.split(separator: "=").reversed().joined(separator: " x ") }.joined(separator: ", "))"
            + " to \(destination) under \(authority)"
    }

    /// The claim, with private values as salted digests.
    func body(
        id: String,
        book: DisclosureBook,
        confidential: [ClaimBody.Detail] = []
    ) throws -> ClaimBody {
        let parties = try party.map { text in
            let (role, organisation) = try Self.pair(text, option: "--party")
            return ClaimBody.Party(role: role, organisation: organisation)
        }
        let details = try reference.map { value in
            let secret = try book.secret(
                kind: StatementKind.claim.rawValue,
                subject: id,
                field: "reference",
                value: value
            )
            return ClaimBody.Detail(field: "reference", digest: secret.digest)
        }
        return ClaimBody(
            authority: authority,
            reference: publicReference,
            destination: destination,
            parties: [ClaimBody.Party(role: "ultimate_consignee", organisation: consignee)]
                + parties,
            lines: try Self.lines(line),
            exported: try Self.date(exported, option: "--exported"),
            received: try received.map { try Self.date($0, option: "--received") },
            facility: facility,
            source: source?.claim,
            evidence: evidence.map { ClaimBody.Evidence(type: $0) },
            details: confidential + (details.map { [$0] } ?? [])
        )
    }

    /// Lines such as `h100-sxm=631`.
    static func lines(_ texts: [String]) throws -> [ClaimLine] {
        try texts.map { text in
            let (sku, number) = try pair(text, option: "--line")
            guard let quantity = UInt64(number), (1...ClaimBody.quantityMax).contains(quantity)
            else { throw UsageError("--line: expected a quantity from 1, got '\(number)'") }
            return ClaimLine(sku: sku, quantity: quantity)
        }
    }

    /// The two sides of `name=value`.
    static func pair(_ text: String, option: String) throws -> (String, String) {
        let parts = text.split(separator: "=", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
            throw UsageError("\(option): expected name=value, got '\(text)'")
        }
        return (String(parts[0]), String(parts[1]))
    }

    /// A date as YYYY-MM-DD.
    static func date(_ text: String, option: String) throws -> CalendarDate {
        guard let date = CalendarDate(text) else {
            throw UsageError("\(option): expected a date as YYYY-MM-DD, got '\(text)'")
        }
        return date
    }
}
