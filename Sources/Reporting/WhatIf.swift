public import Ledger
public import QuotaRules

/// The ledger's statements under another policy: what would have been refused, and why.
///
/// Feed every block in order, as to a ``LedgerBook``. From the first block of the day on, each
/// statement is also judged in a supposed world that starts from the ledger as it was and has the
/// supposed documents in force. There the rules decide as they do on a ledger: what is refused does not
/// count, and what happens later to a refused claim is skipped.
public struct WhatIf: Sendable {
    /// What is supposed.
    public struct Question: Sendable {
        /// The policy; nil to keep the one in force.
        public let policy: Policy?
        /// The catalogue; nil to keep the one in force.
        public let catalogue: ChipCatalogue?
        /// The first day of block time on which they would have been in force.
        public let from: CalendarDate

        /// A supposition.
        public init(policy: Policy?, catalogue: ChipCatalogue?, from: CalendarDate) {
            self.policy = policy
            self.catalogue = catalogue
            self.from = from
        }
    }

    /// A claim that would not have passed as it did.
    struct Difference: Sendable {
        let claim: BookedClaim
        /// The decision of the supposed rules, where they were asked.
        let decision: Decision?
        /// Why it would not enter the ledger.
        let refusal: Refusal?
    }

    let question: Question
    /// The supposed world after the last block; nil before its first day.
    private(set) var world: LedgerState?
    /// The state after the last block.
    private(set) var state: LedgerState?
    /// The size of the log when the supposed world began.
    private(set) var start: UInt64?
    /// Claims that would have been refused, or would have waited for a decision, in order.
    private(set) var differences: [Difference] = []
    /// Claims that were judged in the supposed world.
    private(set) var judged: UInt64 = 0
    /// Statements about claims that the supposed world does not have.
    private(set) var skipped: UInt64 = 0
    /// Accounts that the supposed rules would have found over their cap on their first day.
    private(set) var overAtStart: [Account] = []
    /// What was claimed in the ledger and in the supposed world, by destination.
    private(set) var volumes = SortedSums((now: Volume(), then: Volume()))

    /// An empty world.
    public init(_ question: Question) {
        self.question = question
    }

    /// Takes the next block.
    ///
    /// - Parameters:
    ///   - block: The block.
    ///   - before: The state before the block; nil for genesis.
    ///   - after: The state after it.
    public mutating func append(_ block: Block, before: LedgerState?, after: LedgerState) {
        state = after
        guard let day = CalendarDate(posixSeconds: block.header.time), day >= question.from else {
            for claim in Self.claims(of: block, in: after) { count(claim, then: true) }
            return
        }
        guard let before else {
            begin(after)
            return
        }
        if world == nil { begin(before) }
        replay(block, after: after)
    }

    private mutating func begin(_ state: LedgerState) {
        let world = state.supposing(policy: question.policy, catalogue: question.catalogue)
        start = state.size
        overAtStart = world.accounts.compactMap { account in
            let cap = world.supposedCap(of: account.key, on: question.from)
            guard let cap, account.total.consumed > cap else { return nil }
            return account
        }
        self.world = world
    }

    private mutating func replay(_ block: Block, after: LedgerState) {
        guard let world else { return }
        let (next, admissions) = world.replaying(block) { isDecree($0, in: after) }
        self.world = next
        var claims = Self.claims(of: block, in: after).makeIterator()
        for (statement, admission) in zip(block.statements, admissions) {
            guard statement.identity.kind == .claim else {
                if case .refuse? = admission { skipped += 1 }
                continue
            }
            guard let claim = claims.next() else { continue }
            judged += 1
            switch admission {
            case .admit(let decision):
                count(claim, then: true)
                if decision?.outcome == .needsDecision {
                    add(claim, decision: decision, refusal: nil)
                }
            case .refuse(let refusal):
                count(claim, then: false)
                add(claim, decision: refusal.decision, refusal: refusal)
            case .duplicate, nil: continue
            }
        }
    }

    private mutating func add(_ claim: BookedClaim, decision: Decision?, refusal: Refusal?) {
        differences.append(Difference(claim: claim, decision: decision, refusal: refusal))
    }

    private mutating func count(_ claim: BookedClaim, then: Bool) {
        var volume = Volume()
        volume.claims = 1
        for line in claim.lines { volume.add(line, quantity: line.quantity) }
        volumes[[claim.destination]].now.add(volume)
        if then { volumes[[claim.destination]].then.add(volume) }
    }

    private static func claims(of block: Block, in state: LedgerState) -> [BookedClaim] {
        block.statements.enumerated().compactMap { position, statement in
            guard case .claim(let body) = statement.body else { return nil }
            let index = block.header.first + UInt64(position)
            return BookedClaim(body, statement, index: index, in: state)
        }
    }

    /// Whether a statement proposes, or votes on, what would replace what is supposed.
    private func isDecree(_ statement: Statement, in state: LedgerState) -> Bool {
        let action: ProposalAction?
        switch statement.body {
        case .proposal(let body): action = body.action
        case .vote(let body) where body.on.kind == .proposal:
            action = state.proposal(issuer: body.on.issuer, id: body.on.id)?.body.action
        default: action = nil
        }
        switch action {
        case .policy, .withdraw: return question.policy != nil
        case .catalogue: return question.catalogue != nil
        default: return false
        }
    }
}

extension LedgerState {
    /// The cap that the policy in force sets for an account on a day.
    func supposedCap(of account: AccountKey, on day: CalendarDate) -> UInt64? {
        use(of: account, on: day)?.cap
    }
}
