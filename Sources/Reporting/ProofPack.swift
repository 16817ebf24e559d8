public import Ledger
import MerkleLog
public import QuotaCrypto
import QuotaRules
public import Transparency

/// Report 11: everything that a third party needs to check the totals of a ledger, in one file.
///
/// The file is JSON: `{"format", "origin", "size", "root", "how", "totals": [{"limit", "subject",
/// "period", "unit", "cap", "consumed", "text", "proof"}]}`. `cap` and `consumed` are in the account's
/// smallest unit; `proof` is the text of a `.tlog-proof`, which carries the signed checkpoint. What stands
/// beside a proof is for reading: `quota-verify pack` compares it with what the proof says.
public enum ProofPack {
    /// The name of the format.
    public static let format = "quota-proof-pack/1"

    /// Makes a pack of every account of a state.
    ///
    /// - Parameters:
    ///   - state: The state at the checkpoint.
    ///   - path: The inclusion path of the last leaf.
    ///   - note: The signed checkpoint.
    ///   - country: Only accounts of this country; nil for all.
    /// - Returns: The file.
    public static func text(
        of state: LedgerState,
        path: [Digest],
        note: SignedNote,
        country: String? = nil
    ) -> String {
        let accounts = country.map { state.accounts(of: $0) } ?? state.accounts
        let totals = accounts.map { account in
            let key = StateKey.account(account.key)
            let proof = state.totalProof(for: key, path: path, note: note)
            return total(account, proof: proof.text)
        }
        let pack = JSONTree.object([
            ("format", .text(format)), ("origin", .text(state.origin)),
            ("size", .number(state.size)), ("root", .text("\(state.tree.root)")),
            (
                "how",
                .text(
                    "quota-verify pack FILE --policy TRUST-POLICY, with a trust policy from somebody "
                        + "you trust. It proves what each account held at this checkpoint; that no "
                        + "account is left out, 'quota-verify audit' shows."
                )
            ),
            ("totals", .array(totals)),
        ])
        return pack.text + "\n"
    }

    private static func total(_ account: Account, proof: String) -> JSONTree {
        let total = account.total
        return .object([
            ("limit", .text(account.key.limit)),
            ("subject", .array(account.key.subject.map { .text($0) })),
            ("period", .text(account.key.period)), ("unit", .text(total.unit.rawValue)),
            ("cap", total.cap.map { .number($0) } ?? .null), ("consumed", .number(total.consumed)),
            ("text", .text(total.unit.description(of: total.consumed))), ("proof", .text(proof)),
        ])
    }
}
