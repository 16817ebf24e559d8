import Ledger
import QuotaCrypto

/// Makes the intake receipts of one request: what the node held, and when, before it checked the first
/// statement.
struct IntakeDesk {
    private let state: LedgerState
    private let roster: Roster
    private let gauges: NodeGauges
    private let time: UInt64
    private let view: UInt64

    /// A desk; nil if the node is no validator in the epoch of `state`, as it also is for a moment while
    /// an epoch ends.
    init?(_ state: LedgerState, _ roster: Roster, _ gauges: NodeGauges, _ time: UInt64) {
        guard roster.own != nil, roster.epoch == state.epoch.number else { return nil }
        self.state = state
        self.roster = roster
        self.gauges = gauges
        self.time = time
        view = gauges.readings.view
    }

    /// The receipt of a statement, if it waits here.
    func receipt(of statement: Statement) -> [UInt8]? {
        guard gauges.noteIntake(statement.leafHash, height: state.height) else { return nil }
        return IntakeReceipt(
            of: statement,
            head: IntakeReceipt.Head(state),
            epoch: roster.epoch,
            view: view,
            by: roster.member,
            at: time,
            with: roster.keys.log
        ).bytes
    }
}
