import APIModel
import ArgumentParser
import Client
import Ledger

/// `quotactl claim import`.
struct ClaimImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Makes the claims of a table.",
        discussion: """
            The file is CSV (RFC 4180, UTF-8) with a header; rows with the same claim id are the \
            lines of one claim. Columns (* must be there):

            \(columns)

            Every row is checked first, names against the ledger included, and all problems are \
            reported by row and column before anything is sent. Claims are judged in the order of \
            the file. It is safe to run twice: FILE.journal keeps the times of what was signed, so \
            that a second run sends the same bytes, and what is on the ledger counts as done.

            Examples:
              quotactl claim import consignments.csv --dry-run
              quotactl claim import consignments.csv
            """
    )

    private static var columns: String {
        ClaimTable.columns.map { column in
            let name = (column.name + (column.isRequired ? "*" : "")).padding(to: 24)
            return "  \(name)\(column.meaning)"
        }.joined(separator: "\n")
    }

    @Argument(help: "The CSV file.")
    var file: String

    @OptionGroup(title: "Common options") var common: CommonOptions
    @OptionGroup(title: "Signing") var signing: SigningOptions

    @Flag(help: "Only check the file and ask what would pass; send nothing.")
    var dryRun = false

    func validate() throws {
        guard signing.out == nil else {
            throw ValidationError("--out takes one statement; use 'claim new --out'.")
        }
    }

    func run() async throws {
        let bytes = try HomeFile.read(file)
        // First without the network, so that a broken file is told from a broken connection.
        _ = try ClaimTable(bytes, known: nil)
        let signer = try signing.signer(common)
        let time = try signing.time()
        let check = try common.receiptCheck()
        try await common.withClient { client in
            let known = try await KnownNames.fetch(from: client)
            var work = try ClaimImport(
                try ClaimTable(bytes, known: known),
                signer: signer,
                book: DisclosureBook(home: common.memberHome),
                journal: try StatementJournal(path: file + ".journal"),
                now: time,
                isFixed: signing.asOf != nil
            )
            guard !dryRun else {
                let verdicts = try await work.dryRun(through: client)
                let claims = work.items.map(\.claim.id)
                return try VerdictReport(Array(zip(claims, verdicts))).finish(asJSON: common.json)
            }
            try await send(&work, through: client, check)
        }
    }

    private func send(
        _ work: inout ClaimImport,
        through client: LedgerClient,
        _ check: ReceiptCheck?
    ) async throws {
        var bar = ProgressBar("claims")
        let results = try await work.run(through: client) { done, total in
            bar.show(done, of: total)
        }
        var summary = ImportSummary()
        var verified = 0
        for (item, result) in zip(work.items, results) {
            summary.note(item.claim.id, result)
            guard let check, case .admitted = result else { continue }
            _ = try await client.provenReceipts(of: item.statement, by: check)
            verified += 1
        }
        if !common.json, summary.count("admitted") > 0 {
            let text =
                check == nil
                ? "admissions are by the node's word; give --policy FILE to verify receipts"
                : "receipts of \(verified) admissions verified against the trust policy"
            Terminal.writeError(text + "\n")
        }
        try summary.finish(asJSON: common.json, noun: "claim")
    }
}
