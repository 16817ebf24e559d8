package import Ledger
package import Transparency
package import Verifier

/// Checks receipts and totals against a trust policy, so that nothing is called final on one node's
/// word.
package struct ReceiptCheck: Sendable {
    /// What is trusted.
    package let policy: TrustPolicy

    /// A check against `policy`.
    package init(_ policy: TrustPolicy) {
        self.policy = policy
    }

    /// Reads the trust policy at `path`.
    package init(policyFile path: String) throws {
        do {
            self.init(try TrustPolicy(try HomeFile.read(path)))
        } catch let error as TrustPolicyError {
            throw HomeFile.Failure(path: path, problem: "is no trust policy: \(error)")
        }
    }

    /// What the receipts in a Transparent Statement prove of `statement`.
    package func verify(
        _ transparent: [UInt8],
        of statement: Statement
    ) throws(VerificationFailure) -> VerifiedTransparentStatement {
        let unverified = try UnverifiedTransparentStatement(transparent)
        guard unverified.statement.bytes == statement.bytes else {
            throw VerificationFailure(.claimsDiffer, "these are receipts of another statement")
        }
        return try unverified.verify(policy)
    }
}

extension LedgerClient {
    /// Fetches receipts of `statement` until a quorum of them holds.
    ///
    /// Validators sign a moment after a block is final, so the first answer may carry too few. Or others
    /// are validators by now: then their keys are taken from the hand-off that those trusted have signed.
    /// The statement itself may be the vote that ends an epoch, so the hand-offs are asked for each time.
    ///
    /// - Throws: ``ClientError`` if no node answers; `VerificationFailure` if there is no quorum of
    ///   receipts within `seconds`.
    package func provenReceipts(
        of statement: Statement,
        by check: ReceiptCheck,
        within seconds: Int = 10
    ) async throws -> (transparent: [UInt8], proof: VerifiedTransparentStatement) {
        var check = check
        var pause = Duration.milliseconds(50)
        let clock = ContinuousClock()
        let end = clock.now + .seconds(seconds)
        while true {
            let bytes = try await transparentStatement("\(statement.leafHash)")
            do {
                return (bytes, try check.verify(bytes, of: statement))
            } catch {
                guard error.reasons.allSatisfy({ $0.code == .quorumNotMet }), clock.now < end
                else { throw error }
                check = await following(check) ?? check
            }
            try await Task.sleep(for: pause)
            pause = min(pause * 2, .milliseconds(500))
        }
    }

    /// The check by the present validators, if those of `check` handed the ledger over.
    private func following(_ check: ReceiptCheck) async -> ReceiptCheck? {
        guard let bytes = try? await handOffs(), let file = try? UnverifiedHandOffs(bytes),
            let policy = try? file.policy(following: check.policy)
        else { return nil }
        return ReceiptCheck(policy)
    }
}
