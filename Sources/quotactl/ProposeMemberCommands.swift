import ArgumentParser
import Client
import Ledger

// Proposals about who takes part.

/// `quotactl propose member`.
struct ProposeMemberCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "member",
        abstract: "Proposes a new member by its card.",
        discussion: """
            The card is made by the new member: quotactl member card. Compare its thumbprint by \
            telephone.

            Example:
              quotactl propose member cygnus.card.cose --id P-9
            """
    )

    @Argument(help: "The card file.")
    var card: String

    @OptionGroup var proposal: ProposalOptions

    func run() async throws {
        let card = try ProposalOptions.card(card)
        try await proposal.submit(.member(card), summary: "member \(card.identity.issuer)")
    }
}

/// `quotactl propose key`.
struct ProposeKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Proposes another key of a member, by a card that the new key signed.",
        discussion: """
            Example:
              quotactl propose key boreal-new.card.cose --reason "old key stolen" --id P-10
            """
    )

    @Argument(help: "The card file.")
    var card: String

    @OptionGroup var proposal: ProposalOptions

    func run() async throws {
        let card = try ProposalOptions.card(card)
        try await proposal.submit(.key(card), summary: "new key of \(card.identity.issuer)")
    }
}

/// `quotactl propose expel`.
struct ProposeExpelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "expel",
        abstract: "Proposes the end of a membership."
    )

    @Argument(help: "The member's id.")
    var target: String

    @OptionGroup var proposal: ProposalOptions

    func run() async throws {
        try await proposal.submit(.expel(member: target), summary: "expulsion of \(target)")
    }
}

/// `quotactl propose release`.
struct ProposeReleaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release",
        abstract: "Proposes the end of a confirmed suspension."
    )

    @Argument(help: "The member's id.")
    var target: String

    @OptionGroup var proposal: ProposalOptions

    func run() async throws {
        try await proposal.submit(.release(member: target), summary: "release of \(target)")
    }
}

/// `quotactl propose organisation`.
struct ProposeOrganisationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "organisation",
        abstract: "Proposes other facts of a registered organisation, such as a new parent.",
        discussion: """
            Group totals are restated from then on, never backward.

            Example:
              quotactl propose organisation dune-malaysia --location MY --name "Dune Malaysia Sdn Bhd" \\
                  --parent falcon-group --parent-headquarters AE
            """
    )

    @OptionGroup var proposal: ProposalOptions
    @OptionGroup var facts: OrganisationFacts

    func run() async throws {
        let body = try facts.body(proposal.common)
        try await proposal.submit(.organisation(body), summary: "facts of \(body.id)")
    }
}
