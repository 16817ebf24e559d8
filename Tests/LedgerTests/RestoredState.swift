import Ledger
import StateMap

extension LedgerState {
    /// The same state, read back from its map as from a snapshot.
    func restored() throws -> LedgerState {
        var entries: [(key: [UInt8], value: [UInt8])] = []
        map.forEach { entries.append(($0, $1)) }
        return try LedgerState(
            restoring: genesis,
            entries: entries.reversed(),
            tree: tree,
            header: lastHeader.encoded()
        )
    }
}
