import ArgumentParser
import Client
import Ledger

/// `quotactl organisation new`.
struct OrganisationNewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Registers one organisation.",
        discussion: """
            Two governments sign, unless the policy says otherwise: one writes a draft, another \
            approves it ('quotactl approve'), the first signs and submits ('quotactl sign').

            Examples:
              quotactl organisation new savanna-university --location KE --name "Savanna University" \\
                  --draft savanna.draft
              quotactl organisation new dune-malaysia --location MY --name "Dune Malaysia Sdn Bhd" \\
                  --parent dune-group --parent-headquarters AE --draft dune.draft
            """
    )

    @OptionGroup(title: "Common options") var common: CommonOptions
    @OptionGroup(title: "Signing") var signing: SigningOptions
    @OptionGroup(title: "Further signatures") var cosigning: CosigningOptions

    @OptionGroup var facts: OrganisationFacts

    func run() async throws {
        let body = try facts.body(common)
        try await Cosigned(common: common, signing: signing, cosigning: cosigning).handle(
            .organisation(body),
            prefix: "organisation",
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
