import APIModel
import ArgumentParser
import Client
import Ledger
import QuotaFiles

/// `quotactl organisation import`.
struct OrganisationImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Registers the organisations of a table.",
        discussion: """
            The file is CSV (RFC 4180, UTF-8) with a header and the columns id, location, \
            headquarters, name and, for those that have one, parent and parent_headquarters. Every \
            row is checked before anything is sent. Run it again after an interruption: what is on \
            the ledger already counts as done.

            Two governments sign each row, unless the policy says otherwise: one writes drafts, \
            another approves them, the first imports with the approvals.

            Example:
              quotactl organisation import organisations.csv --drafts rows
              quotactl approve rows/*.draft                                 (another government)
              quotactl organisation import organisations.csv --approval rows/*.approval
            """
    )

    @Argument(help: "The CSV file.")
    var file: String

    @OptionGroup(title: "Common options") var common: CommonOptions
    @OptionGroup(title: "Signing") var signing: SigningOptions

    @Option(
        help: ArgumentHelp(
            "Write a draft of each row to this folder, for others to approve, and send nothing.",
            valueName: "folder"
        )
    )
    var drafts: String?

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Approvals of rows by others.", valueName: "file")
    )
    var approval: [String] = []

    func validate() throws {
        guard signing.out == nil else {
            throw ValidationError("--out takes one statement; use 'organisation new --out'.")
        }
    }

    func run() async throws {
        let table = try OrganisationTable(try HomeFile.read(file))
        let signer = try signing.signer(common)
        let time = try signing.time()
        let book = DisclosureBook(home: common.memberHome)
        if let drafts {
            return try write(table.entries.map { try $0.draft(signer, book, at: time) }, to: drafts)
        }
        let approvals = try approval.map { try DraftFile.approval($0, of: .organisation) }
        let summary = try await common.withClient { client in
            let known = try await client.organisations().organisations
            var progress = ProgressBar("registering")
            var summary = ImportSummary()
            for (done, entry) in table.entries.enumerated() {
                if known.contains(where: { entry.isSame(as: $0, by: signer.member) }) {
                    summary.note(entry.id, "already-there")
                } else {
                    var draft = try entry.draft(signer, book, at: time)
                    draft.approvals = approvals.filter { $0.subject == entry.id }
                    let statement = try signer.sign(draft)
                    summary.note(entry.id, try await client.submitOne(statement.bytes))
                }
                progress.show(done + 1, of: table.entries.count)
            }
            return summary
        }
        try summary.finish(asJSON: common.json, noun: "organisation")
    }

    private func write(_ drafts: [StatementDraft], to folder: String) throws {
        let files = try drafts.map { draft in
            let file = "\(folder)/\(draft.subject).draft"
            try HomeFile.write(draft.encoded(), to: file)
            return file
        }
        guard !common.json else { return Terminal.writeJSON(files) }
        Terminal.write(
            """
            drafts     \(files.count) in \(folder)
              next     others: quotactl approve \(folder)/*.draft
                       then you: quotactl organisation import \(file) --approval \(folder)/*.approval

            """
        )
    }
}

extension OrganisationTable.Entry {
    fileprivate func isSame(as other: OrganisationDocument, by member: String) -> Bool {
        other.id == id && other.location == location && other.headquarters == headquarters
            && other.parent == parent?.id ?? id
            && other.parentHeadquarters == parent?.headquarters ?? headquarters
            && other.issuer == member
    }

    fileprivate func draft(
        _ signer: MemberSigner,
        _ book: DisclosureBook,
        at time: UInt64
    ) throws -> StatementDraft {
        let secret = try book.secret(
            kind: StatementKind.organisation.rawValue,
            subject: id,
            field: "name",
            value: name
        )
        let body = OrganisationBody(
            id: id,
            location: location,
            headquarters: headquarters,
            parent: parent.map {
                OrganisationBody.Parent(id: $0.id, headquarters: $0.headquarters)
            },
            name: secret.digest
        )
        return signer.draft(.organisation(body), at: time)
    }
}
