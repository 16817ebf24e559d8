import ArgumentParser
import Foundation
import Ledger
import LogReader
import MerkleLog
import QuotaCrypto
import QuotaRules
import Transparency
import Verifier

/// `quota-verify audit` replays a whole ledger.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Replays a whole ledger and compares it with its signed checkpoint.",
        discussion: """
            Reads every entry from a node, a mirror or a folder, checks every signature, every rule, \
            every block and every map root with the state machine that the validators run, hashes all \
            tiles again, and compares the last root with the checkpoint that the policy's keys signed.

            All cores check signatures. With --state an interrupted audit goes on where it was last \
            saved, and a later one reads only what is new. Keep that file where nobody else can write: \
            it is this program's memory of what it checked.
            """
    )

    @OptionGroup var source: SourceOptions

    @OptionGroup var options: PolicyOptions

    @Option(
        help: ArgumentHelp(
            "Where to keep what was audited so far, to go on from there.",
            valueName: "file"
        )
    )
    var state: String?

    func validate() throws {
        guard source.url != nil || source.folder != nil else {
            throw ValidationError("Give --url or --folder.")
        }
    }

    func run() async throws {
        guard let log = source.source else { return }
        try await answer("that the ledger follows its rules", asJSON: options.json) {
            let (checkpoint, policy) = try await options.trust().accepted(log)
            if let maxAge = options.maxAge {
                try checkpoint.verify(policy).checkFresh(at: options.time, maxAge: maxAge)
            }
            let size = try checkpoint.verify(policy).checkpoint.size
            let memory = state.map { AuditMemory(path: $0) }
            let (audit, pace) = try await replay(log, size: size, memory)
            let verified = try audit.finish(checkpoint, policy: policy)
            if let chainID = try options.epochs.hash(), verified.state.chainID != chainID {
                throw VerificationFailure(
                    .otherLedger,
                    "the leaves begin with the genesis \(verified.state.chainID), not \(chainID)"
                )
            }
            try memory?.save(audit)
            return report(verified, pace)
        }
    }

    private func replay(
        _ log: any LogSource,
        size: UInt64,
        _ memory: AuditMemory?
    ) async throws -> (LedgerAudit, AuditPace) {
        let saved = try memory?.load()
        var line = ProgressLine()
        defer { line.clear() }
        let began = ContinuousClock.now
        var first: LedgerAudit.Progress?
        var pace = AuditPace()
        let audit = try await Replay(log: log, size: size).run(
            from: saved,
            progress: { progress in
                let start = first ?? progress
                first = start
                line.show(Words.progress(progress, of: size, from: start.leaves, since: began))
            },
            keeper: { try memory?.saveIfDue($0) }
        )
        // Statements are counted at the end of their block, so the first leaf has not moved the count.
        let restored = saved == nil ? 0 : (first ?? audit.progress).statements.reduce(0, +)
        pace.finish(audit.progress, before: restored, took: ContinuousClock.now - began)
        return (audit, pace)
    }

    private func report(_ verified: VerifiedLedger, _ pace: AuditPace) -> Report<AuditFacts> {
        let checkpoint = verified.checkpoint.checkpoint
        let progress = verified.progress
        let kinds = zip(StatementKind.allCases, progress.statements)
            .filter { $0.1 > 0 }.map { "\($0.1) \($0.0.rawValue)" }.joined(separator: ", ")
        var details = [
            "Replayed \(Words.count(progress.leaves, "leaf").replacing("leafs", with: "leaves")) in "
                + "\(Words.count(progress.blocks, "block")): \(kinds).",
            "Every signature, rule, block header, map root and tile was computed again.",
            "Invariants I1 to I15 held after each of \(Words.count(progress.blocks, "block")).",
            "Root \(checkpoint.root), last block of \(Words.time(verified.state.blockTime)), genesis "
                + "\(verified.state.chainID).",
        ]
        details += pace.sentences
        details += Words.signers(verified.checkpoint, now: options.time)
        for account in verified.state.accounts {
            let key = account.key
            let total = account.total
            details.append(
                "Account \(key.limit) \(key.subject.joined(separator: " ")) \(key.period): "
                    + total.unit.description(of: total.consumed)
                    + (total.cap.map { " of \(total.unit.description(of: $0))." } ?? ".")
            )
        }
        if !verified.untrustedValidators.isEmpty {
            details.append(
                "Validators whose log key the policy does not list: "
                    + verified.untrustedValidators.joined(separator: ", ") + "."
            )
        }
        return Report(
            verdict: .proven,
            summary:
                "Every leaf of \(checkpoint.origin) up to size \(checkpoint.size) follows from "
                + "the rules.",
            details: details,
            notProven: [
                "that every export was reported, or that what was reported is true;",
                "that nobody was shown another tree: compare checkpoints with others.",
            ],
            facts: AuditFacts(verified, pace)
        )
    }
}

/// An audited ledger as data; amounts in tenths of a TPP where the unit is `tpp`.
struct AuditFacts: Encodable {
    struct Account: Encodable {
        let limit: String
        let subject: [String]
        let period: String
        let consumed: UInt64
        let cap: UInt64?
        let unit: String
    }

    let checkpoint: CheckpointFacts
    let chainID: String
    let height: UInt64
    let blockTime: UInt64
    let leaves: UInt64
    let blocks: UInt64
    let statements: [String: UInt64]
    let members: [String]
    let accounts: [Account]
    let untrustedValidators: [String]
    let milliseconds: UInt64
    let statementsReplayed: UInt64
    let statementsPerSecond: UInt64
    let signatureBoundPerSecond: UInt64?

    init(_ verified: VerifiedLedger, _ pace: AuditPace) {
        checkpoint = CheckpointFacts(verified.checkpoint)
        chainID = verified.state.chainID.description
        height = verified.state.height
        blockTime = verified.state.blockTime
        leaves = verified.progress.leaves
        blocks = verified.progress.blocks
        statements = Dictionary(
            uniqueKeysWithValues: zip(
                StatementKind.allCases.map(\.rawValue),
                verified.progress.statements
            )
        )
        members = verified.state.members.map(\.card.id)
        accounts = verified.state.accounts.map {
            Account(
                limit: $0.key.limit,
                subject: $0.key.subject,
                period: $0.key.period,
                consumed: $0.total.consumed,
                cap: $0.total.cap,
                unit: $0.total.unit.rawValue
            )
        }
        untrustedValidators = verified.untrustedValidators
        milliseconds = pace.milliseconds
        statementsReplayed = pace.statements
        statementsPerSecond = pace.rate
        signatureBoundPerSecond = pace.bound
    }
}
