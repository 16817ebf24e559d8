import Ledger
import LedgerFixture

extension LedgerState {
    /// The refusal of a statement at this state, or nil if it would be admitted.
    func refusal(of statement: Statement, time: UInt64? = LedgerFixture.start) -> Refusal? {
        guard case .refuse(let refusal) = admit(statement, time: time) else { return nil }
        return refusal
    }
}

/// The refusal that `body` throws as ``LedgerError/genesis(_:)``, or nil.
func genesisRefusal(_ bytes: [UInt8]) -> Refusal? {
    do {
        _ = try LedgerState.genesis(bytes)
        return nil
    } catch {
        guard case .genesis(let refusal) = error else { return nil }
        return refusal
    }
}
