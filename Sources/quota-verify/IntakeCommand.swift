import ArgumentParser
import Ledger
import LogReader
import Transparency
import Verifier

/// `quota-verify intake` says what became of a statement that a node took.
struct IntakeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "intake",
        abstract: "Did a node take this statement, and what became of it?",
        discussion: """
            Takes an intake receipt (.intake), as 'quotactl' keeps it when a node took a statement that was \
            not final at once. Proven if a log key of the policy signed it, or with --handoffs the log \
            key that the named member had in that epoch.

            With --proof, a proof of the state map under the statement's key at a later checkpoint, it \
            says whether the ledger holds the statement by then. With --folder or --url it replays the \
            ledger and says where the statement stands, or who proposed how many blocks without it and \
            whether they had room; with --statement also whether the rules would have admitted it at \
            the start of each.
            """
    )

    @Argument(help: "The .intake file, or - for standard input.")
    var file: String

    @OptionGroup var options: PolicyOptions

    @Option(
        help: ArgumentHelp(
            "A .tlog-proof of the statement's key at a later checkpoint.",
            discussion: "What a node answers at /v1/proof/state?key=CBOR-IN-HEX.",
            valueName: "file"
        )
    )
    var proof: String?

    @OptionGroup var source: SourceOptions

    @Option(
        help: ArgumentHelp(
            "The statement, to ask the rules about it while the ledger is replayed.",
            valueName: "file"
        )
    )
    var statement: String?

    func validate() throws {
        guard proof == nil || source.source == nil else {
            throw ValidationError("Give --proof, --folder or --url, not several.")
        }
        guard statement == nil || source.source != nil else {
            throw ValidationError("--statement goes with --folder or --url.")
        }
    }

    func run() async throws {
        try await answer("that a node took the statement", asJSON: options.json) {
            let trust = try options.trust()
            let bytes = try InputFile.read(file, limit: IntakeReceipt.maximumBytes)
            let intake = try trust.verify(try UnverifiedIntake(bytes))
            if let proof { return try report(intake, by: proof, trust) }
            if let log = source.source { return try await report(intake, of: log, trust) }
            return IntakeReport(intake).report
        }
    }

    private func report(
        _ intake: VerifiedIntake,
        by path: String,
        _ trust: TrustedEpochs
    ) throws -> Report<IntakeFacts> {
        let bytes = try InputFile.read(path, limit: TlogProof.byteCountMax)
        let entry = try trust.judge(size: \.checkpoint.checkpoint.size) {
            policy throws(VerificationFailure) in
            try UnverifiedStateEntry(bytes).verify(policy)
        }
        if let maxAge = options.maxAge {
            try entry.checkpoint.checkFresh(at: options.time, maxAge: maxAge)
        }
        var report = IntakeReport(intake)
        report.add(
            try intake.fate(by: entry),
            checkpoint: entry.checkpoint,
            last: entry.header,
            now: options.time
        )
        return report.report
    }

    private func report(
        _ intake: VerifiedIntake,
        of log: any LogSource,
        _ trust: TrustedEpochs
    ) async throws -> Report<IntakeFacts> {
        let (checkpoint, policy) = try await trust.accepted(log)
        let accepted = try checkpoint.verify(policy)
        if let maxAge = options.maxAge {
            try accepted.checkFresh(at: options.time, maxAge: maxAge)
        }
        var trail = try IntakeTrail(of: intake, statement: try readStatement())
        let audit = try await Replay(log: log, size: accepted.checkpoint.size).run(
            listener: { before, block, after in try trail.take(before, block, after) }
        )
        let ledger = try audit.finish(checkpoint, policy: policy)
        try trail.finish(ledger)
        var report = IntakeReport(intake)
        report.add(
            trail.fate,
            checkpoint: ledger.checkpoint,
            last: ledger.state.lastHeader,
            now: options.time
        )
        report.add(trail)
        return report.report
    }

    private func readStatement() throws -> Statement? {
        guard let path = statement else { return nil }
        let bytes = try InputFile.read(path, limit: Statement.maximumBytes)
        do throws(StatementError) {
            return try Statement.decode(bytes)
        } catch {
            throw Unreadable(path, "no statement: \(error)")
        }
    }
}

extension TrustedEpochs {
    /// The receipt, by the log keys that are believed.
    fileprivate func verify(
        _ intake: UnverifiedIntake
    ) throws(VerificationFailure) -> VerifiedIntake {
        switch self {
        case .policy(let policy): try intake.verify(policy)
        case .handOffs(let handOffs): try intake.verify(handOffs)
        }
    }
}
