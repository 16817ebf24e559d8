import ArgumentParser

/// `quotactl organisation`: the organisations that claims may name.
struct OrganisationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "organisation",
        abstract: "Registers and lists the organisations that claims may name.",
        discussion: """
            Only governments register organisations. The legal name stays in the member's folder \
            (disclosures.jsonl); the ledger gets a salted digest of it, which you can disclose later \
            to whom you choose.
            """,
        subcommands: [
            OrganisationNewCommand.self, OrganisationImportCommand.self,
            OrganisationListCommand.self,
        ]
    )
}
