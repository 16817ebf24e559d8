import ArgumentParser
import Client
import Ledger

/// `quotactl claim cancel`.
struct ClaimCancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Withdraws an admitted claim.",
        discussion: """
            The claim stays on the ledger, marked as cancelled. What it consumed is released where \
            the rules allow it.

            Example:
              quotactl claim cancel A-2026-004 --reason "order withdrawn"
            """
    )

    @Argument(help: "The claim's id.")
    var claim: String

    @OptionGroup(title: "Common options") var common: CommonOptions
    @OptionGroup(title: "Signing") var signing: SigningOptions

    @Option(help: "Why; everybody may read it.")
    var reason: String

    func run() async throws {
        let signer = try signing.signer(common)
        let body = CancelBody(claim: claim, reason: reason)
        let statement = try signer.sign(.cancel(body), at: signing.time())
        try await Submission(common: common).handle(
            statement,
            out: signing.out,
            summary: "cancellation"
        )
    }
}
