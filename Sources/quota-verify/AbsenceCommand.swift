import ArgumentParser
import Ledger
import LogReader
import Transparency
import Verifier

/// `quota-verify absence` says that something is not in the ledger.
struct AbsenceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "absence",
        abstract: "Is it proven that the ledger does not hold this?",
        discussion: """
            Takes a proof of absence (.tlog-proof): a signed checkpoint, the block header that is its \
            last leaf, and a path in the state map that ends where the key would stand. Works for any key: \
            an account that nothing was booked on, a claim that was never made, a member that is none.
            """
    )

    @Argument(help: "The .tlog-proof file, or - for standard input.")
    var file: String

    @OptionGroup var options: PolicyOptions

    @Option(
        name: .customLong("key"),
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Refuse a proof that is about another key, as: --key claim atlas A-2026-004.",
            valueName: "part"
        )
    )
    var key: [String] = []

    func run() async throws {
        try await answer("that the ledger does not hold it", asJSON: options.json) {
            let trust = try options.trust()
            let bytes = try InputFile.read(file, limit: TlogProof.byteCountMax)
            let verified = try trust.judge(size: \.checkpoint.checkpoint.size) {
                policy throws(VerificationFailure) in
                try UnverifiedStateEntry(bytes).verify(policy)
            }
            try check(verified.key)
            try verified.checkAbsent()
            if let maxAge = options.maxAge {
                try verified.checkpoint.checkFresh(at: options.time, maxAge: maxAge)
            }
            return report(verified)
        }
    }

    private func check(_ found: StateName) throws {
        guard key.isEmpty || key == found.parts else {
            throw VerificationFailure(
                .otherAccount,
                "the proof is of \(found), not of \(key.joined(separator: " "))"
            )
        }
    }

    private func report(_ verified: VerifiedStateEntry) -> Report<AbsenceFacts> {
        let checkpoint = verified.checkpoint.checkpoint
        var notProven = [
            "that it was never there, or is not there now: only the state at this checkpoint is shown;",
            "that the thing does not exist outside the ledger.",
        ]
        if key.isEmpty {
            notProven.insert(
                "that the key is spelt as the ledger spells it: give --key to compare;",
                at: 0
            )
        }
        return Report(
            verdict: .proven,
            summary:
                "\(verified.key.description.capitalizedFirst) is not in the ledger at checkpoint "
                + "\(checkpoint.size).",
            details: [
                "Ledger \(checkpoint.origin), block \(verified.header.height) of "
                    + "\(Words.time(verified.header.time)), root \(checkpoint.root)."
            ] + Words.signers(verified.checkpoint, now: options.time),
            notProven: notProven,
            facts: AbsenceFacts(verified)
        )
    }
}

/// A proven absence as data.
struct AbsenceFacts: Encodable {
    let key: [String]
    let height: UInt64
    let blockTime: UInt64
    let checkpoint: CheckpointFacts

    init(_ verified: VerifiedStateEntry) {
        key = verified.key.parts
        height = verified.header.height
        blockTime = verified.header.time
        checkpoint = CheckpointFacts(verified.checkpoint)
    }
}

extension String {
    /// The text with its first letter in upper case.
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
