import ArgumentParser
import Client
import Ledger

/// `quotactl organisation new`.
struct OrganisationNewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Registers one organisation.",
        discussion: """
            Example:
              quotactl organisation new savanna-university --location KE --name "Savanna University"
              quotactl organisation new dune-malaysia --location MY --name "Dune Malaysia Sdn Bhd" \\
                  --parent dune-group --parent-headquarters AE
            """
    )

    @OptionGroup(title: "Common options") var common: CommonOptions
    @OptionGroup(title: "Signing") var signing: SigningOptions

    @OptionGroup var facts: OrganisationFacts

    func run() async throws {
        let signer = try signing.signer(common)
        let body = try facts.body(common)
        let statement = try signer.sign(.organisation(body), at: signing.time())
        try await Submission(common: common).handle(
            statement,
            out: signing.out,
            summary: "organisation in \(body.location)"
        )
    }
}

/// What is on record of an organisation.
struct OrganisationFacts: ParsableArguments {
    @Argument(help: "The organisation's id: letters, digits and ._:-")
    var id: String

    @Option(help: ArgumentHelp("Country where it is located.", valueName: "cc"))
    var location: String

    @Option(
        help: ArgumentHelp("Country of its headquarters. Default: its location.", valueName: "cc")
    )
    var headquarters: String?

    @Option(help: "The legal name; it stays in your folder.")
    var name: String

    @Option(help: ArgumentHelp("The ultimate parent, if it has one.", valueName: "id"))
    var parent: String?

    @Option(help: ArgumentHelp("Country of the ultimate parent's headquarters.", valueName: "cc"))
    var parentHeadquarters: String?

    func validate() throws {
        guard (parent == nil) == (parentHeadquarters == nil) else {
            throw ValidationError("Give --parent and --parent-headquarters together.")
        }
    }

    /// The facts; the name as a salted digest, whose opening stays in the member's folder.
    func body(_ common: CommonOptions) throws -> OrganisationBody {
        let book = DisclosureBook(home: common.memberHome)
        let secret = try book.secret(
            kind: StatementKind.organisation.rawValue,
            subject: id,
            field: "name",
            value: name
        )
        return OrganisationBody(
            id: id,
            location: location,
            headquarters: headquarters ?? location,
            parent: parent.flatMap { parent in
                parentHeadquarters.map {
                    OrganisationBody.Parent(id: parent, headquarters: $0)
                }
            },
            name: secret.digest
        )
    }
}
