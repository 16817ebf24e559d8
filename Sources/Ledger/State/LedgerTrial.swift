public import QuotaRules

/// Statements and claims judged in order on a copy of a state, each as if those before it that pass
/// had been admitted.
public struct LedgerTrial: Sendable {
    private var run: BlockRun

    init(_ state: LedgerState, time: UInt64) {
        run = BlockRun(state, time: time)
    }

    /// Judges a statement and, if it passes, keeps its effect for those that follow.
    public mutating func admit(_ statement: Statement) -> Admission {
        do throws(Refusal) {
            return .admit(try run.apply(statement))
        } catch {
            if error.code == .duplicate, let index = error.existing { return .duplicate(index) }
            return .refuse(error)
        }
    }

    /// Judges a claim that is not signed yet and, if it passes, keeps its effect.
    ///
    /// - Throws: ``Refusal`` if the claim names an organisation that is not registered, or its id is
    ///   taken; a refusal by the rules is a decision, not an error.
    public mutating func judge(
        _ claim: ClaimBody,
        id: String,
        issuer: String
    ) throws(Refusal) -> Decision {
        try run.judgeUnsigned(claim, id: id, issuer: issuer)
    }
}
