import QuotaCrypto

extension LedgerState {
    /// What would become of a statement if it came next; its signatures are not looked at.
    ///
    /// Advice for a pool: what counts is the state when a block is made.
    ///
    /// - Parameters:
    ///   - statement: A decoded statement.
    ///   - time: The time to judge its `iat` by, POSIX seconds: the caller's clock, since the last
    ///     block of an idle ledger may be old. Nil not to judge it.
    /// - Returns: What would become of it.
    public func admit(_ statement: Statement, time: UInt64? = nil) -> Admission {
        var trial = trial(time: time ?? max(blockTime, statement.issuedAt))
        return trial.admit(statement)
    }

    /// A run of statements or claims that are judged one after the other and then forgotten.
    public func trial(time: UInt64) -> LedgerTrial {
        LedgerTrial(self, time: time)
    }

    /// Checks every signature of a statement against the members of this state: its own, and those
    /// of its approvals.
    ///
    /// A node does this once per statement and passes the answer on by leaf hash: the key
    /// identifiers inside the statement fix the keys, and every block checks that the identifiers
    /// are those of the members.
    ///
    /// - Throws: ``Refusal`` with `unknown-issuer`, `wrong-key` or `bad-signature`.
    public func checkSignature(_ statement: Statement) throws(Refusal) {
        do throws(Refusal) {
            try BlockRun(self, time: blockTime).checkSignatures(statement)
        } catch {
            var refusal = error
            refusal.judgedAt = size
            throw refusal
        }
    }
}
