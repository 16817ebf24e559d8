import HashTreeCollections
import QuotaRules

/// The checks of every ``LedgerInvariant``.
///
/// They judge results, not the way to them: from two states and the block between, or from one state
/// alone. A ledger that passes them all may still be wrong, but not by losing count.
public enum LedgerInvariants {
    /// Checks what one block changed.
    ///
    /// Costs about as much as applying the block without its signatures.
    ///
    /// - Parameters:
    ///   - before: The state that the block was applied to.
    ///   - block: The block.
    ///   - after: The state that building or verifying it gave.
    /// - Returns: What does not hold; empty if everything does.
    public static func check(
        before: LedgerState,
        block: Block,
        after: LedgerState
    ) -> [InvariantViolation] {
        let delta = BlockDelta(before: before, block: block, after: after)
        var findings = InvariantFindings()
        for (key, problem) in delta.broken {
            findings.expect(
                false,
                .bounds,
                "the value under the state key \(key)",
                "a value of its kind within its bounds",
                found: problem
            )
        }
        delta.checkHead(&findings)
        delta.checkStatements(&findings)
        delta.checkClaims(&findings)
        delta.checkAccounts(&findings)
        delta.checkCaps(&findings)
        delta.checkTags(&findings)
        delta.checkCompany(&findings)
        return findings.violations
    }

    /// Computes everything again from the state map: all accounts from all claims, all tables.
    ///
    /// - Parameter state: The state.
    /// - Returns: What does not hold; empty if everything does.
    public static func checkWhole(_ state: LedgerState) -> [InvariantViolation] {
        var findings = InvariantFindings()
        let whole = WholeState(state, &findings)
        whole.checkAccounts(&findings)
        whole.checkTables(&findings)
        whole.checkTags(&findings)
        whole.checkHead(&findings)
        return findings.violations
    }
}
