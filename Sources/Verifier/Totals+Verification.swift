import CBOR
public import Transparency

extension UnverifiedTotal {
    /// Checks the checkpoint, that the header is its last leaf, and the path in the state map.
    ///
    /// - Parameter policy: Which keys count and how many of them it takes.
    /// - Returns: The account, what it held, and who signed.
    /// - Throws: `VerificationFailure` with every reason.
    public func verify(_ policy: TrustPolicy) throws(VerificationFailure) -> VerifiedTotal {
        let verified = try entry.verify(policy)
        var amount: TotalAmount?
        if let value = verified.value {
            do throws(CBORFieldError) {
                amount = try TotalAmount(value)
            } catch {
                throw VerificationFailure(.malformed, "the account's value: \(error)")
            }
        }
        return VerifiedTotal(
            account: account,
            amount: amount,
            header: verified.header,
            checkpoint: verified.checkpoint
        )
    }
}
