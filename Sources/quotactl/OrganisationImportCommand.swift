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

            Example:
              quotactl organisation import organisations.csv
            """
    )

    @Argument(help: "The CSV file.")
    var file: String

    @OptionGroup(title: "Common options") var common: CommonOptions
    @OptionGroup(title: "Signing") var signing: SigningOptions

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
        let summary = try await common.withClient { client in
            let known = try await client.organisations().organisations
            var progress = ProgressBar("registering")
            var summary = ImportSummary()
            for (done, entry) in table.entries.enumerated() {
                if known.contains(where: { entry.isSame(as: $0, by: signer.member) }) {
                    summary.note(entry.id, "already-there")
                } else {
                    let statement = try entry.statement(signer, book: book, at: time)
                    summary.note(entry.id, try await client.submitOne(statement.bytes))
                }
                progress.show(done + 1, of: table.entries.count)
            }
            return summary
        }
        try summary.finish(asJSON: common.json, noun: "organisation")
    }
}

extension OrganisationTable.Entry {
    fileprivate func isSame(as other: OrganisationDocument, by member: String) -> Bool {
        other.id == id && other.location == location && other.headquarters == headquarters
            && other.parent == parent?.id ?? id
            && other.parentHeadquarters == parent?.headquarters ?? headquarters
            && other.issuer == member
    }

    fileprivate func statement(
        _ signer: MemberSigner,
        book: DisclosureBook,
        at time: UInt64
    ) throws -> Statement {
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
        return try signer.sign(.organisation(body), at: time)
    }
}
