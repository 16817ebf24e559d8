public import Ledger
import QuotaCrypto
import QuotaRules

/// What the reports on a ledger need, kept while its blocks are replayed.
///
/// Feed every block in order; whoever feeds them has checked them. Everything follows from the
/// blocks, so two books of the same blocks give the same reports.
public struct LedgerBook: Sendable {
    /// The state after the last block; nil before genesis.
    public private(set) var state: LedgerState?
    /// The claims in the order of the log.
    private(set) var claims: [BookedClaim] = []
    /// Every account that moved; looked up, and sorted before it is shown.
    private(set) var accounts: [AccountKey: AccountHistory] = [:]
    /// What was decided about the ledger itself, in the order of the log.
    private(set) var acts: [GovernanceAct] = []
    /// The leaf hash of every header, by height.
    private(set) var headers: [Digest] = []
    /// The number of leaves up to and with each header, by height.
    private(set) var sizes: [UInt64] = []
    /// How many blocks each member proposed.
    private(set) var proposed: [String: UInt64] = [:]
    /// How many statements each member issued.
    private(set) var issued: [String: UInt64] = [:]

    /// An empty book.
    public init() {}

    /// Takes the next block.
    ///
    /// - Parameters:
    ///   - block: The block.
    ///   - after: The state after it, with its journal.
    public mutating func append(_ block: Block, after: LedgerState) {
        let month = ReportPeriod.month(of: block.header.time)
        for change in after.journal {
            if accounts[change.account]?.book(change, month: month) == nil {
                accounts[change.account] = AccountHistory(change, month: month)
            }
        }
        for (position, statement) in block.statements.enumerated() {
            let index = block.header.first + UInt64(position)
            issued[statement.identity.issuer, default: 0] += 1
            if case .claim(let body) = statement.body {
                claims.append(BookedClaim(body, statement, index: index, in: after))
            } else if let act = GovernanceAct(statement, index: index, time: block.header.time) {
                acts.append(act)
            }
        }
        proposed[block.header.proposer, default: 0] += 1
        headers.append(block.headerHash)
        sizes.append(block.header.treeSize)
        state = after
    }

    /// The accounts in order.
    var sortedAccounts: [(key: AccountKey, history: AccountHistory)] {
        accounts.map { ($0.key, $0.value) }.sorted { $0.key < $1.key }
    }
}
