import ArgumentParser
import Foundation
import LogReader
import Verifier

/// `quota-verify explain` says what a file is good for.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "What does this file prove, and what does it not?",
        discussion: """
            Tells the kind of file by its contents and says in plain sentences what follows from it if \
            its signatures hold. It checks nothing: the last line names the command that does.
            """
    )

    @Argument(help: "Any file of a ledger that proves something, or - for standard input.")
    var file: String

    @Flag(help: "Answer in JSON.")
    var json = false

    func run() throws {
        let bytes: [UInt8]
        do {
            bytes = try InputFile.read(file, limit: UnverifiedHandOffs.byteCountMax)
        } catch let problem as Unreadable {
            Terminal.write("\(problem.description)\n", to: .standardError)
            throw ExitCode(Verdict.unknown.exitCode)
        }
        guard let explanation = Explanation(bytes) else {
            let known =
                "receipts, intakes, proofs, packs, checkpoints, hand-offs, evidence, disclosures, certificates"
            Terminal.write("This is no file of a quota ledger that I know: \(known).\n")
            throw ExitCode(Verdict.unknown.exitCode)
        }
        try write(explanation)
    }

    private func write(_ explanation: Explanation) throws {
        guard !json else {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            let text = String(decoding: try encoder.encode(explanation), as: UTF8.self)
            return Terminal.write(text + "\n")
        }
        var lines = [explanation.about] + explanation.says.map { "  \($0)" }
        lines.append("If the check passes, it proves:")
        lines += explanation.proves.map { "  - \($0)" }
        lines.append("It does not prove:")
        lines += explanation.doesNotProve.map { "  - \($0)" }
        lines.append("Nothing is checked yet. To check it: \(explanation.check)")
        Terminal.write(lines.map { $0 + "\n" }.joined())
    }
}
