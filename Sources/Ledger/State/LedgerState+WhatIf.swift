import CBOR
import HashTreeCollections
public import QuotaRules

extension LedgerState {
    /// This state with other documents in force, as if the last block had adopted them.
    ///
    /// Accounts of a limit with the same id and unit carry over; an account whose limit counts
    /// something else now starts from nothing. Policies that are scheduled never begin, nor do catalogues if
    /// one is supposed. The state
    /// belongs to no ledger: it is for questions.
    ///
    /// - Parameters:
    ///   - policy: The policy to suppose; nil for the one in force.
    ///   - catalogue: The catalogue to suppose; nil for the one in force.
    /// - Returns: The state to replay further statements on.
    public func supposing(
        policy: Policy?,
        catalogue: ChipCatalogue? = nil
    ) -> LedgerState {
        var state = self
        if let catalogue {
            let bytes = catalogue.encoded.encoded()
            state.governance.dropScheduledCatalogues()
            state.catalogue = Adopted(catalogue, bytes: bytes, index: size - 1)
        }
        guard let policy else { return state }
        state.governance.dropPlans()
        state.governance.withdrawnBy = nil
        state.policy = Adopted(policy, bytes: policy.encoded.encoded(), index: size - 1)
        for account in accounts {
            guard let limit = policy.limit(account.key.limit),
                limit.metric.unit != account.total.unit
            else { continue }
            state.accountTable[account.key] = nil
        }
        return state
    }

    /// How an account stands to the cap that the policy in force sets on a day, agreements and
    /// allocations included; nil if the policy has no such limit.
    public func use(of account: AccountKey, on day: CalendarDate) -> LimitUse? {
        policy.document.use(
            of: account,
            on: day,
            catalogue: catalogue.document,
            standing: AccountStanding(accounts: accountTable, grants: governance.grants)
        )
    }

    /// Applies statements of a block in the order given, and leaves out what this state refuses.
    ///
    /// For worlds made by ``supposing(policy:catalogue:)``: signatures and the order are taken as
    /// checked where the block became part of the real ledger. Every statement keeps its index there,
    /// refused or not.
    ///
    /// - Parameters:
    ///   - block: A block of the real ledger; its first statement has the index ``size``.
    ///   - skips: Statements that are left out without being judged.
    /// - Returns: The state after the block, and what became of each statement; nil for one that was
    ///   skipped.
    public func replaying(
        _ block: Block,
        skipping skips: (Statement) -> Bool = { _ in false }
    ) -> (state: LedgerState, admissions: [Admission?]) {
        let context = BlockContext(
            view: block.header.view,
            proposer: block.header.proposer,
            time: block.header.time
        )
        var run = BlockRun(self, time: context.time)
        var admissions: [Admission?] = []
        admissions.reserveCapacity(block.statements.count)
        for statement in block.statements {
            guard !skips(statement) else {
                run.skip()
                admissions.append(nil)
                continue
            }
            do throws(Refusal) {
                admissions.append(.admit(try run.apply(statement)))
            } catch {
                run.skip()
                admissions.append(.refuse(error))
            }
        }
        return (run.close(block.statements, context: context).state, admissions)
    }
}
