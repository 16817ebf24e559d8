internal import Consensus

/// A mistake in what drives a replica: disks, restarts, answers.
///
/// The rules of the protocol itself are `Rule`s of Consensus.
enum Defect: String, CaseIterable, Sendable {
    /// The process ends when a member is caught.
    case crashOnEquivocation = "crash-on-equivocation"
    /// Messages are handled before the own records are read.
    case networkBeforeRecords = "network-before-records"
    /// A block without news for the pool is never answered for.
    case silentExecution = "silent-execution"
    /// The last write may vanish in a crash, and nobody looks.
    case renameWithoutSync = "rename-without-sync"
    /// A record torn in a crash stops the next start.
    case tornTailStopsStart = "torn-tail-stops-start"
    /// A damaged record is left out.
    case damageSkipped = "damage-skipped"
    /// A member without a disk starts as a new one.
    case silentReformat = "silent-reformat"
    /// Records older than the last vote are continued from.
    case rollbackUnnoticed = "rollback-unnoticed"
    /// The state is written before the records.
    case stateAheadOfRecords = "state-ahead-of-records"
    /// The records are written before the state.
    case recordsAheadOfState = "records-ahead-of-state"
    /// A failed sync is taken for a good one.
    case syncErrorIgnored = "sync-error-ignored"
    /// Blocks are built and accepted above one that ends the epoch and is not final yet.
    case sealTakesBlocks = "seal-takes-blocks"
    /// Nobody looks whether a quorum made the block of a snapshot final.
    case headUnproven = "snapshot-head-unproven"
    /// A part of a snapshot is believed.
    case partUnproven = "snapshot-part-unproven"
    /// A node that joined by a snapshot answers questions about what was before it.
    case gapServed = "gap-served"
    /// Questions for a snapshot are numbered from 1 on in every life.
    case questionsRepeat = "question-numbers-repeat"
    /// A member that lost its votes forgets to recover once it has the state again.
    case snapshotEndsRecovery = "snapshot-ends-recovery"
    /// Whoever proposes it changes the set, whoever approves.
    case minorityChangesSet = "minority-changes-set"
    /// A statement passes after its time.
    case expiredStatementsPass = "expired-statements-pass"
}

/// The mistakes that a run makes on purpose.
struct Defects: Sendable {
    let rules: Set<Rule>
    private let defects: Set<Defect>

    init(names: Set<String>) {
        rules = Set(Rule.allCases.filter { names.contains($0.rawValue) })
        defects = Set(Defect.allCases.filter { names.contains($0.rawValue) })
    }

    func includes(_ defect: Defect) -> Bool { defects.contains(defect) }
}
