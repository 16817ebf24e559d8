import ArgumentParser
import Client
import Ledger
import QuotaRules

// What can befall goods on the way and afterwards, one command for each event.

/// `quotactl claim transfer`.
struct ClaimTransferCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "transfer",
        abstract: "Passes delivered goods on to another organisation of the same country.",
        discussion: """
            The goods go on as a claim whose id is that of this statement (--id). To another \
            country it is a new claim instead: quotactl claim new --source ISSUER/CLAIM.

            Example:
              quotactl claim transfer A-2026-004 --to selangor-compute --quantity 100 --id T-17
            """
    )

    @OptionGroup var event: ClaimEventOptions

    @Option(help: ArgumentHelp("The organisation that takes over.", valueName: "id"))
    var to: String

    @Option(help: ArgumentHelp("The facility where the goods will stand.", valueName: "id"))
    var facility: String?

    @Option(help: Quantities.help)
    var quantity: Quantities?

    @Option(help: ArgumentHelp("A file of the chips' tags, one a line.", valueName: "file"))
    var tags: String?

    func run() async throws {
        try await event.submit(
            .transfer(
                organisation: to,
                facility: facility,
                quantities: quantity?.values,
                tags: try TagFile.one(tags)
            ),
            summary: "transfer to \(to)"
        )
    }
}

/// `quotactl claim return`.
struct ClaimReturnCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "return",
        abstract: "Records goods that came back to the exporter.",
        discussion: """
            By default the exporting government must agree: write a draft, let it be approved, sign.

            Example:
              quotactl claim return A-2026-004 --quantity 10 --from delivered --id R-3 --draft r3.draft
              quotactl approve r3.draft                        (the government)
              quotactl sign r3.draft --approval r3.draft.us-bis.approval
            """
    )

    @OptionGroup var event: ClaimEventOptions

    @Option(help: Quantities.help)
    var quantity: Quantities

    @Option(help: "Where they were: in_transit or delivered.")
    var from: Bucket = .delivered

    @Option(help: ArgumentHelp("A file of the chips' tags, one a line.", valueName: "file"))
    var tags: String?

    func run() async throws {
        try await event.submit(
            .turnBack(quantities: quantity.values, from: from, tags: try TagFile.one(tags)),
            summary: "return"
        )
    }
}

/// `quotactl claim lost`.
struct ClaimLostCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lost",
        abstract: "Reports goods as lost; they stay counted until they are written off."
    )

    @OptionGroup var event: ClaimEventOptions

    @Option(help: Quantities.help)
    var quantity: Quantities

    @Option(help: "Where they were: in_transit or delivered.")
    var from: Bucket

    func run() async throws {
        try await event.submit(.lost(quantities: quantity.values, from: from), summary: "lost")
    }
}

/// `quotactl claim found`.
struct ClaimFoundCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "found",
        abstract: "Reports that lost goods turned up."
    )

    @OptionGroup var event: ClaimEventOptions

    @Option(help: Quantities.help)
    var quantity: Quantities

    @Option(help: "Where they are: in_transit or delivered.")
    var to: Bucket

    func run() async throws {
        try await event.submit(.found(quantities: quantity.values, to: to), summary: "found")
    }
}

/// `quotactl claim retire`.
struct ClaimRetireCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retire",
        abstract: "Records the destruction of delivered goods."
    )

    @OptionGroup var event: ClaimEventOptions

    @Option(help: Quantities.help)
    var quantity: Quantities

    @Option(help: ArgumentHelp("A file of the chips' tags, one a line.", valueName: "file"))
    var tags: String?

    @Option(help: "The number of the certificate; only a salted digest enters the ledger.")
    var certificate: String?

    func run() async throws {
        try await event.submit(
            .retire(
                quantities: quantity.values,
                tags: try TagFile.one(tags),
                digest: try event.digest(certificate, field: "certificate")
            ),
            summary: "retirement"
        )
    }
}

/// `quotactl claim dispute`.
struct ClaimDisputeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dispute",
        abstract: "Contests where goods are; they are frozen, and still counted.",
        discussion: """
            A dispute ends by a vote: quotactl propose event --resolve …
            """
    )

    @OptionGroup var event: ClaimEventOptions

    @Option(help: Quantities.help)
    var quantity: Quantities

    @Option(help: "Where the books say they are, as delivered.")
    var from: Bucket

    @Option(help: "Why; only a salted digest enters the ledger.")
    var reason: String

    func run() async throws {
        guard let digest = try event.digest(reason, field: "reason") else { return }
        try await event.submit(
            .dispute(quantities: quantity.values, from: from, digest: digest),
            summary: "dispute"
        )
    }
}

/// `quotactl claim disclosed`.
struct ClaimDisclosedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disclosed",
        abstract: "Records that you showed private values of a claim to somebody.",
        discussion: """
            The ledger gets the names of the fields and a salted digest of who saw them: report \
            'governance' counts disclosures, and you can prove later to whom each was.

            Example:
              quotactl claim disclosed A-2026-004 site serials --to us-bis
            """
    )

    @OptionGroup var event: ClaimEventOptions

    @Argument(help: "The fields that were shown.")
    var fields: [String]

    @Option(
        help: ArgumentHelp("Who saw them; a salted digest enters the ledger.", valueName: "who")
    )
    var to: String

    func run() async throws {
        guard let digest = try event.digest(to, field: "to") else { return }
        let fields = Set(fields).sorted()
        try await event.submit(
            .disclose(fields: fields, digest: digest),
            summary: "\(fields.joined(separator: ", ")) disclosed"
        )
    }
}

/// `quotactl claim amend`.
struct ClaimAmendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "amend",
        abstract: "Changes the claimed quantities: down with a government, up if there is room.",
        discussion: """
            Naming what the quantities were keeps two amendments from passing unnoticed.

            Example:
              quotactl claim amend A-2026-004 --was 631 --quantity 600
            """
    )

    @OptionGroup var event: ClaimEventOptions

    @Option(help: ArgumentHelp("What the claim says now.", valueName: "n,n"))
    var was: Quantities

    @Option(help: Quantities.help)
    var quantity: Quantities

    func run() async throws {
        try await event.submit(
            .amend(was: was.values, quantities: quantity.values),
            summary: "amendment"
        )
    }
}
