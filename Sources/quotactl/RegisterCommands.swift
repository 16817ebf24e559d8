import APIModel
import ArgumentParser
import Client
import Foundation
import Ledger
import QuotaCrypto
import QuotaRules

// Registers beside the claims: facilities, stored model weights, opening inventories.

/// `quotactl facility`.
struct FacilityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "facility",
        abstract: "Registers places where chips stand or model weights are kept.",
        subcommands: [FacilityNewCommand.self, FacilityListCommand.self]
    )
}

/// `quotactl facility new`.
struct FacilityNewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Registers a facility, for a government.",
        discussion: """
            Example:
              quotactl facility new johor-1 --country MY --operator penang-cloud --owner penang-cloud \\
                  --address "Jalan 1, Johor" --security 14=2026-01-10 --security 15=2026-01-12
            """
    )

    @Argument(help: "The facility's id: letters, digits and ._:-")
    var id: String

    @OptionGroup(title: "Common options") var common: CommonOptions
    @OptionGroup(title: "Signing") var signing: SigningOptions

    @Option(help: ArgumentHelp("The country where it stands.", valueName: "cc"))
    var country: String

    @Option(help: ArgumentHelp("The organisation that operates it.", valueName: "id"))
    var `operator`: String

    @Option(help: ArgumentHelp("The organisation that owns it.", valueName: "id"))
    var owner: String

    @Option(help: "Its address; it stays in your folder.")
    var address: String

    @Option(
        help: ArgumentHelp(
            "A paragraph of the security rules that it meets, and the day of the attestation; may "
                + "be repeated.",
            valueName: "paragraph=date"
        )
    )
    var security: [String] = []

    func run() async throws {
        let signer = try signing.signer(common)
        let book = DisclosureBook(home: common.memberHome)
        let kind = StatementKind.facility.rawValue
        func digest(_ field: String, _ value: String) throws -> Digest {
            try book.secret(kind: kind, subject: id, field: field, value: value).digest
        }
        let body = FacilityBody(
            id: id,
            country: country,
            operatorID: `operator`,
            owner: owner,
            address: try digest("address", address),
            security: try security.map { text in
                let (paragraph, day) = try ClaimOptions.pair(text, option: "--security")
                return FacilityBody.Attestation(
                    paragraph: paragraph,
                    attested: try ClaimOptions.date(day, option: "--security"),
                    digest: try digest("attestation-\(paragraph)", text)
                )
            }
        )
        try await Submission(common: common).handle(
            try signer.sign(.facility(body), at: signing.time()),
            out: signing.out,
            summary: "facility in \(country)"
        )
    }
}

/// `quotactl facility list`.
struct FacilityListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the registered facilities."
    )

    @OptionGroup(title: "Common options") var common: CommonOptions

    func run() async throws {
        let document = try await common.withClient { try await $0.facilities() }
        guard !common.json else { return Terminal.writeJSON(document) }
        let rows = document.facilities.map { facility in
            let attested = facility.attested.sorted { $0.key < $1.key }
                .map { "\($0.key) on \($0.value)" }
            return "\(facility.id)  \(facility.country), operated by \(facility.operatorID)"
                + (attested.isEmpty ? "" : ", attested: \(attested.joined(separator: ", "))")
        }
        Terminal.write(rows.map { $0 + "\n" }.joined())
    }
}

/// `quotactl storage`.
struct StorageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "storage",
        abstract: "Declares where the weights of a model are kept, and says whether they may be.",
        discussion: """
            Example:
              quotactl storage W-1 --facility johor-1 --owner penang-cloud --operations 2e26 \\
                  --model "Harimau 3"
            """
    )

    @Argument(help: "Your id of the declaration, never used twice.")
    var id: String

    @OptionGroup(title: "Common options") var common: CommonOptions
    @OptionGroup(title: "Signing") var signing: SigningOptions

    @Option(help: ArgumentHelp("The registered facility.", valueName: "id"))
    var facility: String

    @Option(help: ArgumentHelp("The organisation that owns the weights.", valueName: "id"))
    var owner: String

    @Option(help: "Operations of all training, as 2e26 or in full.")
    var operations: String

    @Option(help: "The model's name and version; it stays in your folder.")
    var model: String

    func run() async throws {
        guard let count = OperationCount(operations) else {
            throw UsageError("--operations: expected a number such as 2e26, got '\(operations)'")
        }
        let signer = try signing.signer(common)
        let body = StorageBody(
            facility: facility,
            owner: owner,
            operations: count,
            model: try DisclosureBook(home: common.memberHome).secret(
                kind: StatementKind.storage.rawValue,
                subject: id,
                field: "model",
                value: model
            ).digest
        )
        try await Submission(common: common).handle(
            try signer.sign(.storage(body), id: id, at: signing.time()),
            out: signing.out,
            summary: "weights at \(facility)"
        )
    }
}

/// `quotactl inventory`.
struct InventoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inventory",
        abstract: "Declares, once, what a country had before the ledger began.",
        discussion: """
            Signed by a government of the country and approved by another: write a draft, let it be \
            approved, sign.

            Example:
              quotactl inventory --country NL --date 2026-01-01 --line h100-sxm=8000 --draft nl.draft
              quotactl approve nl.draft                        (another government)
              quotactl sign nl.draft --approval nl.draft.jp-meti.approval
            """
    )

    @OptionGroup(title: "Common options") var common: CommonOptions
    @OptionGroup(title: "Signing") var signing: SigningOptions
    @OptionGroup(title: "Further signatures") var cosigning: CosigningOptions

    @Option(help: ArgumentHelp("The country.", valueName: "cc"))
    var country: String

    @Option(help: ArgumentHelp("The day of the count.", valueName: "date"))
    var date: CalendarDate

    @Option(help: ArgumentHelp("What was there, as h100-sxm=8000; repeat it.", valueName: "sku=n"))
    var line: [String]

    @Option(help: ArgumentHelp("The root of a tree over the chips' tags.", valueName: "hex"))
    var root: String?

    func run() async throws {
        let root = try self.root.map { text in
            guard let digest = Hex.decode(text).flatMap({ Digest($0) }) else {
                throw UsageError("--root: expected 64 hexadecimal digits")
            }
            return digest
        }
        let body = InventoryBody(
            country: country,
            date: date,
            lines: try ClaimOptions.lines(line),
            root: root
        )
        try await Cosigned(common: common, signing: signing, cosigning: cosigning).handle(
            .inventory(body),
            prefix: "inventory",
            summary: "opening inventory of \(country) on \(date)"
        )
    }
}
