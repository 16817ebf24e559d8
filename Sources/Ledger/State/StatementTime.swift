/// How far a statement's own time may be from the time of the block that takes it.
///
/// Wide on purpose: it only keeps out clocks that are plainly wrong and statements that someone kept
/// for a long time. The order of statements never depends on it.
public enum StatementTime {
    /// The most seconds that `iat` may lie after the block time.
    public static let aheadMax: UInt64 = 600
    /// The most seconds that `iat` may lie before the block time: 400 days.
    public static let behindMax: UInt64 = 400 * 86_400

    /// Refuses a statement that was made too long before or after `time`.
    static func check(_ issuedAt: UInt64, at time: UInt64) throws(Refusal) {
        if issuedAt > time, issuedAt - time > aheadMax {
            throw Refusal(
                .tooNew,
                "The statement was made \(issuedAt - time) s after the block time; "
                    + "at most \(aheadMax) s are accepted. Check the signer's clock.",
                path: "$.protected.15.6"
            )
        }
        if time > issuedAt, time - issuedAt > behindMax {
            throw Refusal(
                .tooOld,
                "The statement was made \(time - issuedAt) s before the block time; "
                    + "at most \(behindMax) s are accepted. Sign it again.",
                path: "$.protected.15.6"
            )
        }
    }
}
