import ArgumentParser
import Client

/// `quotactl profile`: who you are and which nodes you ask.
struct ProfileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profile",
        abstract: "Shows who you are and which nodes you ask, and changes what you name.",
        discussion: """
            Example:
              quotactl profile --member atlas --origin quota.example/compute-2025 \\
                  --node https://one.example --node https://two.example --policy trust-policy
            """
    )

    @OptionGroup(title: "Common options") var common: CommonOptions

    @Option(help: ArgumentHelp("The member id that signs.", valueName: "id"))
    var member: String?

    @Option(help: ArgumentHelp("The ledger's origin.", valueName: "origin"))
    var origin: String?

    func run() throws {
        let home = common.memberHome
        let named = try common.profile()
        if member != nil || origin != nil || !common.node.isEmpty || common.policy != nil {
            var file = try Profile.file(home)
            file.member = member ?? file.member
            file.origin = origin ?? file.origin
            if !common.node.isEmpty { file.nodes = named.nodes }
            if let policy = common.policy {
                _ = try ReceiptCheck(policyFile: policy)
                file.policy = policy
            }
            try file.save(to: home)
        }
        show(try Profile.load(from: home), home)
    }

    private func show(_ profile: Profile, _ home: MemberHome) {
        let document = ProfileDocument(
            home: home.path,
            member: profile.member,
            origin: profile.origin,
            nodes: profile.nodes.map(\.description),
            policy: profile.policy
        )
        guard !common.json else { return Terminal.writeJSON(document) }
        Terminal.write("folder     \(document.home)\n")
        Terminal.write("member     \(document.member ?? "not set")\n")
        Terminal.write("origin     \(document.origin ?? "not set")\n")
        let nodes = document.nodes.isEmpty ? "none" : document.nodes.joined(separator: " ")
        Terminal.write("nodes      \(nodes)\n")
        Terminal.write("policy     \(document.policy ?? "none: receipts stay unverified")\n")
    }

    private struct ProfileDocument: Encodable {
        let home: String
        let member: String?
        let origin: String?
        let nodes: [String]
        let policy: String?
    }
}
