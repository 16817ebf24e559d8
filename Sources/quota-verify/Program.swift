import ArgumentParser
import Foundation

/// Starts the program and turns every ending into one of four exit codes.
@main
enum Program {
    static func main() async {
        do {
            var command = try QuotaVerify.parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let code as ExitCode {
            exit(code.rawValue)
        } catch {
            let message = QuotaVerify.fullMessage(for: error)
            let isHelp = QuotaVerify.exitCode(for: error) == .success
            Terminal.write(message + "\n", to: isHelp ? .standardOutput : .standardError)
            exit(isHelp ? Verdict.proven.exitCode : Verdict.usageExitCode)
        }
    }
}

/// The root command.
struct QuotaVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quota-verify",
        abstract: "Checks what a quota ledger says, against keys that you trust.",
        discussion: """
            Nothing is believed but the keys in the trust policy: a C2SP tlog-policy file, got from \
            somebody you trust and not from the party whose proof you check. Proof files are checked \
            offline; only 'audit', 'watch' and 'consistency --url' use the network.

            Exit codes: 0 proven, 1 disproven, 2 wrong usage, 3 could not tell (a file or an address \
            could not be read).
            """,
        version: "1",
        subcommands: [
            ReceiptCommand.self, TotalCommand.self, AbsenceCommand.self, ConsistencyCommand.self,
            DisclosureCommand.self, CertificateCommand.self, AuditCommand.self,
            EvidenceCommand.self, IntakeCommand.self, ExplainCommand.self, WatchCommand.self,
            PackCommand.self,
        ]
    )
}
