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
    /// What was shown to whom, in the order of the log.
    private(set) var disclosures: [BookedDisclosure] = []
    /// The leaf hash of every header, by height.
    private(set) var headers: [Digest] = []
    /// The leaf hash of every leaf.
    private(set) var leaves: [Digest] = []
    /// The number of leaves up to and with each header, by height.
    private(set) var sizes: [UInt64] = []
    /// The blocks that came late, in order.
    private(set) var late: [LateBlock] = []
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
            if let claim = Self.claim(statement, index: index, after: after) {
                claims.append(claim)
            } else if let disclosure = BookedDisclosure(statement, time: block.header.time) {
                disclosures.append(disclosure)
            } else if let act = GovernanceAct(statement, index: index, time: block.header.time) {
                acts.append(act)
            }
        }
        if let block = LateBlock(block) { late.append(block) }
        proposed[block.header.proposer, default: 0] += 1
        headers.append(block.headerHash)
        leaves += block.leafHashes
        sizes.append(block.header.treeSize)
        state = after
    }

    /// The claim that a statement makes: a claim, or a transfer to another organisation.
    private static func claim(
        _ statement: Statement,
        index: UInt64,
        after: LedgerState
    ) -> BookedClaim? {
        switch statement.body {
        case .claim(let body):
            return BookedClaim(body, statement, index: index, in: after)
        case .event(let body):
            guard case .transfer = body.event else { return nil }
            let identity = statement.identity
            let reference = ClaimReference(issuer: identity.issuer, id: identity.subject)
            return after.claim(issuer: reference.issuer, id: reference.id).map {
                BookedClaim($0, reference, in: after)
            }
        default: return nil
        }
    }
}
