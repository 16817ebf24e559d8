import ArgumentParser
import Client
import Ledger

/// `quotactl vote`.
struct VoteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vote",
        abstract: "Votes, for a government, on a proposal, a suspension or a claim.",
        discussion: """
            A member votes once on a matter; nobody decides alone. What a matter needs stands in \
            the policy: quotactl proposal show.

            Examples:
              quotactl vote approve proposal us-bis/P-7
              quotactl vote reject claim atlas/A-2026-031
            """
    )

    @Argument(help: "approve or reject.")
    var choice: VoteBody.Choice

    @Argument(help: "proposal, suspension or claim.")
    var kind: BallotSubject.Kind

    @Argument(help: ArgumentHelp("Whose, and which.", valueName: "issuer/id"))
    var matter: StatementName

    @OptionGroup(title: "Common options") var common: CommonOptions
    @OptionGroup(title: "Signing") var signing: SigningOptions
    @OptionGroup(title: "Further signatures") var cosigning: CosigningOptions

    @Option(help: "Why; only a salted digest enters the ledger.")
    var reason: String?

    func run() async throws {
        let subject = BallotSubject(kind, issuer: matter.issuer, id: matter.id)
        let body = VoteBody(
            on: subject,
            choice: choice,
            digest: try PrivateReason.digest(reason, of: .vote, subject.description, common)
        )
        try await Cosigned(common: common, signing: signing, cosigning: cosigning).handle(
            .vote(body),
            prefix: "vote",
            summary: "\(choice.rawValue) \(subject)"
        )
    }
}

/// `quotactl suspend`.
struct SuspendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suspend",
        abstract: "Stops a member's keys at once; votes must confirm it, or it lapses.",
        discussion: """
            For a stolen key at two in the morning: one government is enough. Then the others \
            confirm it with 'quotactl vote approve suspension …', within the hours of the policy.

            Example:
              quotactl suspend boreal --id S-1 --reason "statement key stolen"
            """
    )

    @Argument(help: "The member to stop.")
    var member: String

    @OptionGroup(title: "Common options") var common: CommonOptions
    @OptionGroup(title: "Signing") var signing: SigningOptions
    @OptionGroup(title: "Further signatures") var cosigning: CosigningOptions

    @Option(help: "Why; everybody may read it.")
    var reason: String?

    func run() async throws {
        try await Cosigned(common: common, signing: signing, cosigning: cosigning).handle(
            .suspension(SuspensionBody(member: member, reason: reason)),
            prefix: "suspension",
            summary: "suspension of \(member)"
        )
    }
}
