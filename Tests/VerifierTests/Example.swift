import Ledger
import Transparency
import Verifier

/// Says in a sentence what a receipt file and a total file prove, or why they prove nothing.
func judge(receipt: [UInt8], total: [UInt8], policy text: String, now: UInt64) throws -> [String] {
    let policy = try TrustPolicy(text)
    var sentences: [String] = []
    do throws(VerificationFailure) {
        let verified = try UnverifiedTransparentStatement(receipt).verify(policy)
        try verified.checkFresh(at: now, maxAge: 86_400)
        sentences.append("\(verified.statement.identity.subject) is leaf \(verified.index).")
    } catch {
        sentences.append("No receipt: \(error.description)")
    }
    do throws(VerificationFailure) {
        let verified = try UnverifiedTotal(total).verify(policy)
        try verified.account.check(country: "KE", limit: nil, period: nil)
        let signers = verified.checkpoint.witnesses.map(\.name).joined(separator: ", ")
        sentences.append("KE consumed \(verified.amount?.consumed ?? 0), say \(signers).")
    } catch {
        sentences.append("No total: \(error.description)")
    }
    return sentences
}
