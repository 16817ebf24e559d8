import ArgumentParser

/// The root command.
struct Quotactl: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quotactl",
        abstract: "Claims against the quotas of a ledger, and proofs of what became of them.",
        discussion: """
            A member keeps its key, card and profile in one folder, ~/.quota unless --home or \
            QUOTA_HOME says otherwise. Statements are signed on this machine; the key never leaves \
            it. Everything that signs takes --out FILE, to submit the statement later or elsewhere.

            First steps:
              quotactl key new
              quotactl profile --member atlas --origin quota.example/compute-2025 \\
                  --node https://node.example
              quotactl room --country KE --sku h100-sxm
              quotactl claim import consignments.csv --dry-run

            Exit codes: 0 done or admitted, 1 refused or disproven, 2 wrong usage, 3 could not tell \
            (no node answered, or a statement is not final yet).
            """,
        version: "1",
        subcommands: [
            KeyCommand.self, ProfileCommand.self, MemberCommand.self, OrganisationCommand.self,
            FacilityCommand.self, StorageCommand.self, InventoryCommand.self, RoomCommand.self,
            ClaimCommand.self, TagCommand.self, ProposeCommand.self, ProposalCommand.self,
            VoteCommand.self, SuspendCommand.self, ApproveCommand.self, SignCommand.self,
            ReceiptCommand.self, ProofCommand.self, ReportCommand.self, PolicyCommand.self,
            SubmitCommand.self, DiscloseCommand.self, OpenCommand.self, CertificateCommand.self,
        ]
    )

    @OptionGroup(title: "Common options") var common: CommonOptions
}
