import ArgumentParser
import Client
import Ledger
import QuotaRules

// The way of a consignment from the licence to the receiver, one command for each event.

/// `quotactl claim consent`.
struct ClaimConsentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "consent",
        abstract: "Answers, for the receiving government, whether the goods may come.",
        discussion: """
            Example:
              quotactl claim consent A-2026-004 --issuer atlas --answer yes
            """
    )

    enum Answer: String, ExpressibleByArgument, CaseIterable { case yes, no }

    @OptionGroup var event: ClaimEventOptions

    @Option(help: "The answer.")
    var answer: Answer

    @Option(help: "The number of the import authorisation; only a salted digest enters the ledger.")
    var reference: String?

    func run() async throws {
        try await event.submit(
            .consent(
                answer: answer == .yes,
                digest: try event.digest(reference, field: "reference")
            ),
            summary: "consent: \(answer.rawValue)"
        )
    }
}

/// `quotactl claim licence`.
struct ClaimLicenceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "licence",
        abstract: "Licenses what a claim reserves, or a part of it.",
        discussion: """
            Example:
              quotactl claim licence A-2026-004 --issuer atlas --expires 2027-04-01 --number D1234567
            """
    )

    @OptionGroup var event: ClaimEventOptions

    @Option(help: Quantities.help)
    var quantity: Quantities?

    @Option(help: ArgumentHelp("The last day on which it may be used.", valueName: "date"))
    var expires: CalendarDate

    @Option(help: "The licence number; only a salted digest enters the ledger.")
    var number: String?

    func run() async throws {
        try await event.submit(
            .licence(
                quantities: quantity?.values,
                expires: expires,
                digest: try event.digest(number, field: "licence")
            ),
            summary: "licence until \(expires)"
        )
    }
}

/// `quotactl claim test`.
struct ClaimTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Records, for a laboratory, that the goods were tested."
    )

    @OptionGroup var event: ClaimEventOptions

    @Option(help: "The number of the report; only a salted digest enters the ledger.")
    var report: String

    func run() async throws {
        guard let digest = try event.digest(report, field: "report") else { return }
        try await event.submit(.test(digest: digest), summary: "laboratory test")
    }
}

/// `quotactl claim ship`.
struct ClaimShipCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ship",
        abstract: "Ships what is licensed, or a part of it.",
        discussion: """
            With --tags the chips are named by their keyed tags (see 'quotactl tag'), so that a chip \
            that is claimed twice is noticed. Tags that do not fit one statement follow in more.

            Example:
              quotactl claim ship A-2026-004 --quantity 631 --date 2026-04-13 --tags a-004.tags
            """
    )

    @OptionGroup var event: ClaimEventOptions

    @Option(help: Quantities.help)
    var quantity: Quantities

    @Option(help: ArgumentHelp("The day on which the goods leave.", valueName: "date"))
    var date: CalendarDate

    @Option(help: ArgumentHelp("A file of tags, one a line.", valueName: "file"))
    var tags: String?

    @Option(help: "The carrier's or customs' reference; only a salted digest enters the ledger.")
    var reference: String?

    func run() async throws {
        let batches = try tags.map(TagFile.batches) ?? []
        try await event.submit(
            .ship(
                quantities: quantity.values,
                date: date,
                tags: batches.first ?? [],
                digest: try event.digest(reference, field: "shipment")
            ),
            summary: "shipped on \(date)"
        )
        for batch in batches.dropFirst() {
            try await event.submit(.tags(batch), summary: "\(batch.count) more tags")
        }
    }
}

/// `quotactl claim accept`.
struct ClaimAcceptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept",
        abstract: "Accepts, for the receiver, what arrived; with --final the rest is missing.",
        discussion: """
            Example:
              quotactl claim accept A-2026-004 --issuer atlas --quantity 627 --date 2026-04-20 --final
            """
    )

    @OptionGroup var event: ClaimEventOptions

    @Option(help: Quantities.help)
    var quantity: Quantities

    @Option(help: ArgumentHelp("The day on which the goods arrived.", valueName: "date"))
    var date: CalendarDate

    @Flag(help: "Nothing more will arrive: what is still on the way is a shortfall.")
    var final = false

    func run() async throws {
        try await event.submit(
            .accept(quantities: quantity.values, date: date, isFinal: final),
            summary: "accepted on \(date)" + (final ? ", nothing more expected" : "")
        )
    }
}

/// `quotactl claim presence`.
struct ClaimPresenceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "presence",
        abstract: "Attests that delivered goods are where they should be.",
        discussion: """
            Grades: 0 declared, 1 confirmed by the counterparty, 2 matched with documents of customs \
            or carrier, 3 seen by an inspector in a random sample, 4 answered a device challenge and \
            seen at two dates.

            Example:
              quotactl claim presence A-2026-004 --issuer atlas --grade 3 --report INSP-2026-77
            """
    )

    @OptionGroup var event: ClaimEventOptions

    @Option(help: "The grade of the evidence, 0 to 4.")
    var grade: UInt64

    @Option(help: Quantities.help)
    var quantity: Quantities?

    @Option(help: "The number of the report; only a salted digest enters the ledger.")
    var report: String?

    func run() async throws {
        try await event.submit(
            .presence(
                grade: grade,
                quantities: quantity?.values,
                digest: try event.digest(report, field: "report")
            ),
            summary: "presence, evidence of grade \(grade)"
        )
    }
}
