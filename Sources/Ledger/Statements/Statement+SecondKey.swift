import COSE
import QuotaCrypto

extension Statement {
    /// Refuses approvals of a member card that are not what its second key needs.
    ///
    /// A card that brings a `coKey` carries one approval: of its own body, in the member's name, by
    /// that key. It shows that whoever holds the second key agreed to stand beside this member on
    /// this ledger, so that nobody registers the key of another as its own. A key that the member
    /// has already, `known`, has shown it before.
    func checkSecondKey(
        of card: MemberCard,
        known: Ed25519.PublicKey? = nil,
        path: String
    ) throws(Refusal) {
        guard let coKey = card.coKey else {
            guard approvals.isEmpty else {
                throw Refusal(
                    .malformed,
                    "expected a member statement without approvals: its card has no 'coKey'",
                    path: path
                )
            }
            return
        }
        guard let approval = approvals.first else {
            guard coKey == known else {
                throw Refusal(
                    .secondKeyMissing,
                    "The second key of '\(card.id)' has not agreed. A card with a 'coKey' carries "
                        + "the approval of its body by that key.",
                    path: "\(path).payload.approvals"
                )
            }
            return
        }
        guard approvals.count == 1, approval.approver == card.id else {
            throw Refusal(
                .notAuthorised,
                "Only the second key of '\(card.id)' approves its card.",
                path: "\(path).payload.approvals"
            )
        }
        guard approval.kid == COSEKey.thumbprint(coKey) else {
            throw Refusal(
                .wrongKey,
                "The kid is not the thumbprint of the 'coKey' of the card.",
                path: "\(path).payload.approvals[0].protected.4"
            )
        }
    }

    /// Refuses a card whose second key did not sign the approval in its name.
    func checkSecondKeySignature(of card: MemberCard, path: String) throws(Refusal) {
        guard let coKey = card.coKey, let approval = approvals.first else { return }
        guard approval.isSigned(over: bodyBytes, by: coKey) else {
            throw Refusal(
                .badSignature,
                "The proof that the second key of '\(card.id)' is held by who signs with it fails.",
                path: "\(path).payload.approvals[0].signature"
            )
        }
    }
}
