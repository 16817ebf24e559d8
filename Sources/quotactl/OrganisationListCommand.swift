import APIModel
import ArgumentParser
import Client
import Reporting

/// `quotactl organisation list`.
struct OrganisationListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the organisations on the ledger, with the names that you know."
    )

    @OptionGroup(title: "Common options") var common: CommonOptions

    func run() async throws {
        let document = try await common.withClient { try await $0.organisations() }
        guard !common.json else { return Terminal.writeJSON(document) }
        var names: [String: String] = [:]
        for entry in try DisclosureBook(home: common.memberHome).entries()
        where entry.kind == "organisation" && entry.secret.field == "name" {
            names[entry.subject] = entry.secret.value
        }
        var table = TextTable([
            ("id", .left), ("located", .left), ("headquarters", .left), ("parent", .left),
            ("its headquarters", .left), ("registered by", .left), ("name", .left),
        ])
        for organisation in document.organisations {
            let hasParent = organisation.parent != organisation.id
            table.add([
                organisation.id, organisation.location, organisation.headquarters,
                hasParent ? organisation.parent : "-",
                hasParent ? organisation.parentHeadquarters : "-", organisation.issuer,
                names[organisation.id] ?? "",
            ])
        }
        Terminal.write(table.text)
    }
}
