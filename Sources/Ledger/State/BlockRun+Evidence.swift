import HashTreeCollections
import QuotaRules
import Votes

extension BlockRun {
    /// Takes two votes that convict a validator of this epoch or of the one before.
    ///
    /// The state knows the keys of these two only, so that older votes prove nothing by it.
    mutating func convict(_ body: EvidenceBody, _ statement: Statement) throws(Refusal) {
        let path = "$.payload.votes"
        guard let validators = epoch.validators(in: body.epoch) else {
            throw Refusal(
                .unknownEpoch,
                "The votes are of epoch \(body.epoch); evidence passes in its epoch and the next one, "
                    + "and the present one is \(epoch.number).",
                path: path
            )
        }
        let position = body.pair.member
        guard validators.indices.contains(position), validators[position].id == body.member else {
            throw Refusal(
                .unknownMember,
                "'\(body.member)' was not the validator at position \(position) in epoch "
                    + "\(body.epoch).",
                path: "$.payload.member"
            )
        }
        let verifier = Ed25519VoteVerifier(keys: validators.map(\.node.vote))
        guard body.pair.isValid(chainID: base.chainID, verifier: verifier) else {
            throw Refusal(
                .badSignature,
                "'\(body.member)' did not sign both votes with its vote key of epoch \(body.epoch).",
                path: path
            )
        }
        governance.add(Conviction(body, index: next))
        register(statement, body: statement.bodyBytes)
    }

    /// Takes the nodes of those who are convicted off their cards, if the policy in force says so and
    /// as far as the validators may change: the others wait for a later block.
    ///
    /// Whoever got another card by votes after the conviction stays: the members knew.
    mutating func suspendConvicted() {
        guard rules.evidence == .suspend else { return }
        for conviction in governance.convictions {
            guard let member = members[conviction.member], member.validator != nil,
                conviction.index > max(member.index, member.changed ?? 0),
                (try? checkValidators(changing: conviction.member, to: nil, path: "$")) != nil
            else { continue }
            removeNode(of: member, evidence: conviction.index)
        }
    }
}
