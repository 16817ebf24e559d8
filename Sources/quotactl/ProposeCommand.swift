import ArgumentParser
import CBOR
import Client
import Ledger
import QuotaFiles
import QuotaRules

/// `quotactl propose`.
struct ProposeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "propose",
        abstract: "Proposes, for a government, what members decide together by votes.",
        discussion: """
            The proposal is your approval too; the others vote with 'quotactl vote approve proposal \
            ISSUER/ID'. How many must agree, and for how long the vote is open, the policy in force \
            says; 'quotactl proposal show' tells where it stands.
            """,
        subcommands: [
            ProposePolicyCommand.self, ProposeWithdrawCommand.self, ProposeCatalogueCommand.self,
            ProposeMemberCommand.self, ProposeKeyCommand.self, ProposeExpelCommand.self,
            ProposeReleaseCommand.self, ProposeOrganisationCommand.self,
            ProposeAllocationCommand.self, ProposeAgreementCommand.self,
            ProposeOverrideCommand.self, ProposeEventCommand.self,
        ]
    )
}

/// What every proposal takes.
struct ProposalOptions: ParsableArguments {
    @OptionGroup(title: "Common options") var common: CommonOptions
    @OptionGroup(title: "Signing") var signing: SigningOptions
    @OptionGroup(title: "Further signatures") var cosigning: CosigningOptions

    @Option(help: "Why; everybody may read it.")
    var reason: String?

    /// Signs and submits a proposal of `action`.
    func submit(_ action: ProposalAction, summary: String) async throws {
        try await Cosigned(common: common, signing: signing, cosigning: cosigning).handle(
            .proposal(ProposalBody(action, reason: reason)),
            prefix: action.matter.rawValue,
            summary: "proposal: \(summary)"
        )
    }

    /// A document of the rules in a JSON file.
    static func document<Value>(
        _ path: String,
        _ decode: (CBORValue) throws -> Value
    ) throws -> Value {
        let value: CBORValue
        do {
            value = try JSONDocument.read(path)
        } catch {
            throw UsageError("\(error)")
        }
        do {
            return try decode(value)
        } catch let error as CBORFieldError {
            throw UsageError("\(path): \(error)")
        }
    }

    /// The member card in a file.
    static func card(_ path: String) throws -> Statement {
        let statement: Statement
        do {
            statement = try Statement.decode(try HomeFile.read(path))
        } catch let error as StatementError {
            throw UsageError("\(path) holds no member card: \(error)")
        }
        guard case .member = statement.body else {
            throw UsageError(
                "\(path) holds a statement of kind \(statement.identity.kind.rawValue)"
            )
        }
        return statement
    }
}

/// A period on the command line.
struct PeriodOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The first day.", valueName: "date"))
    var from: CalendarDate

    @Option(help: ArgumentHelp("The last day. Default: no end.", valueName: "date"))
    var through: CalendarDate?

    func validate() throws {
        if let through, through < from {
            throw ValidationError("--through is before --from.")
        }
    }

    var validity: Validity { Validity(from: from, through: through) }
}

/// `quotactl propose policy`.
struct ProposePolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Proposes the next policy.",
        discussion: """
            See what it would have done to the past first: quotactl policy simulate FILE --from DATE

            Example:
              quotactl propose policy rule-2027.json --effective 2027-01-01 --id P-7
            """
    )

    @Argument(help: "The policy file, JSON.")
    var file: String

    @OptionGroup var proposal: ProposalOptions

    @Option(help: ArgumentHelp("The first day on which it is in force.", valueName: "date"))
    var effective: CalendarDate

    @Flag(help: "Caps may lie below what is committed already.")
    var allowOver = false

    func run() async throws {
        let policy = try PolicyFile.policy(file)
        try await proposal.submit(
            .policy(PolicySuccession(policy, effective: effective, allowOver: allowOver)),
            summary: "policy \(policy.id) version \(policy.version) from \(effective)"
        )
    }
}

/// `quotactl propose withdraw`.
struct ProposeWithdrawCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "withdraw",
        abstract: "Proposes the end of a policy; nothing passes until another is adopted."
    )

    @Argument(help: "The policy's id.")
    var policy: String

    @OptionGroup var proposal: ProposalOptions

    @Option(help: "Its version.")
    var version: UInt64

    @Option(
        help: ArgumentHelp("The first day on which it is no longer in force.", valueName: "date")
    )
    var effective: CalendarDate

    func run() async throws {
        try await proposal.submit(
            .withdraw(PolicyWithdrawal(policy: policy, version: version, effective: effective)),
            summary: "withdrawal of \(policy) version \(version) on \(effective)"
        )
    }
}

/// `quotactl propose catalogue`.
struct ProposeCatalogueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalogue",
        abstract: "Proposes the next chip catalogue.",
        discussion: """
            Claims are weighed by the catalogue that is in force when they come; those before keep \
            their weight.

            Example:
              quotactl propose catalogue chips-2027.json --effective 2027-01-01 --id C-3
            """
    )

    @Argument(help: "The catalogue file, JSON.")
    var file: String

    @OptionGroup var proposal: ProposalOptions

    @Option(
        help: ArgumentHelp(
            "The first day on which claims are weighed by it. Default: at once when it is decided.",
            valueName: "date"
        )
    )
    var effective: CalendarDate?

    func run() async throws {
        let catalogue = try PolicyFile.catalogue(file)
        try await proposal.submit(
            .catalogue(CatalogueSuccession(catalogue, effective: effective)),
            summary: "catalogue \(catalogue.id), \(catalogue.items.count) items"
                + (effective.map { " from \($0)" } ?? "")
        )
    }
}

/// `quotactl propose allocation`.
struct ProposeAllocationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "allocation",
        abstract: "Proposes what a subject of a granted limit may have.",
        discussion: """
            The amount is in the account's smallest unit: tenths of a TPP, or pieces.

            Example:
              quotactl propose allocation --limit deal --subject AE --amount 5000000000 \\
                  --from 2026-01-01 --citation "exchange of letters, 12 May 2026"
            """
    )

    @OptionGroup var proposal: ProposalOptions

    @Option(help: "The limit's id in the policy.")
    var limit: String

    @Option(help: "Each part of the subject in turn; repeat it.")
    var subject: [String]

    @Option(help: "How much.")
    var amount: UInt64

    @OptionGroup var period: PeriodOptions

    @Option(help: "The paragraph or decision that grants it.")
    var citation: String

    func run() async throws {
        try await proposal.submit(
            .allocation(
                Allocation(
                    limit: limit,
                    subject: subject,
                    amount: amount,
                    validity: period.validity,
                    citation: citation
                )
            ),
            summary: "\(amount) for \(subject.joined(separator: ", ")) under \(limit)"
        )
    }
}

/// `quotactl propose agreement`.
struct ProposeAgreementCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agreement",
        abstract: "Proposes a higher cap for a country that has given assurances.",
        discussion: """
            Example:
              quotactl propose agreement --limit country-allocation --country MY --percent 25 \\
                  --from 2026-03-01 --evidence "letters of 3 March 2026" --citation "742.6(b)(10)(iii)(C)"
            """
    )

    @OptionGroup var proposal: ProposalOptions

    @Option(help: "The limit's id in the policy.")
    var limit: String

    @Option(help: ArgumentHelp("The country.", valueName: "cc"))
    var country: String

    @Option(help: "By how many percent the cap is higher.")
    var percent: UInt64

    @OptionGroup var period: PeriodOptions

    @Option(help: "What shows it, such as the reference of the exchange of letters.")
    var evidence: String

    @Option(help: "The paragraph.")
    var citation: String

    func run() async throws {
        try await proposal.submit(
            .agreement(
                Agreement(
                    limit: limit,
                    country: country,
                    percent: percent,
                    validity: period.validity,
                    evidence: evidence,
                    citation: citation
                )
            ),
            summary: "\(percent) percent more for \(country) under \(limit)"
        )
    }
}
