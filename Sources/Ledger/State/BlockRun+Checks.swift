import COSE
import HashTreeCollections
import QuotaCrypto
import QuotaRules

extension BlockRun {
    /// What must hold for a statement of any kind before its body is looked at.
    func check(_ statement: Statement) throws(Refusal) {
        guard statement.audience == base.origin else {
            throw Refusal(
                .wrongOrigin,
                "The statement is for another ledger; this one is \(base.origin).",
                path: "$.protected.15.3"
            )
        }
        try checkIdentity(statement)
        if statement.identity.kind.isByNode {
            try checkNodeKey(statement)
        } else {
            try checkStanding(of: try checkSigner(statement), path: "$.protected.15.1")
        }
        try StatementTime.check(statement.issuedAt, at: time)
        try checkApprovals(statement)
    }

    /// Refuses what is already registered under the same identity.
    private func checkIdentity(_ statement: Statement) throws(Refusal) {
        guard let entry = entry(statement.stateKey, kind: statement.identity.kind) else { return }
        if entry.leafHash == statement.leafHash {
            throw Refusal(
                .duplicate,
                "The statement is already leaf \(entry.index).",
                existing: entry.index
            )
        }
        throw Refusal(
            .conflict,
            "Leaf \(entry.index) is another statement about '\(statement.identity.subject)'. "
                + "Nothing was changed. "
                + (statement.identity.kind == .evidence
                    ? "One conviction of a member in an epoch is enough."
                    : "Use a new id, or submit the first statement again to get its receipt."),
            path: "$.protected.15.2",
            existing: entry.index
        )
    }

    /// Refuses a signer that is not a member, or names a key that is not the member's.
    @discardableResult
    private func checkSigner(_ statement: Statement) throws(Refusal) -> Member {
        guard let member = members[statement.identity.issuer] else {
            throw Refusal(
                .unknownIssuer,
                "'\(statement.identity.issuer)' is not a member of this ledger.",
                path: "$.protected.15.1"
            )
        }
        guard statement.kid == member.kid else {
            throw Refusal(
                .wrongKey,
                "The kid is not the thumbprint of the statement key of "
                    + "'\(statement.identity.issuer)'.",
                path: "$.protected.4"
            )
        }
        return member
    }

    /// Refuses approvals that the kind does not have, and the lack of a second key that the policy
    /// asks for.
    private func checkApprovals(_ statement: Statement) throws(Refusal) {
        switch statement.identity.kind {
        case .proposal: try checkSecondKey(of: statement, as: .proposal)
        case .vote: try checkSecondKey(of: statement, as: .vote)
        case .inventory: try checkApprovers(of: statement, as: .inventory)
        case .event: try checkApprovers(of: statement, as: .event)
        case .organisation: try checkApprovers(of: statement, as: .organisation)
        case .genesis, .member, .suspension, .facility, .storage, .claim, .cancel,
            .ready, .evidence:
            return
        }
    }

    /// Refuses every approval but that of the issuer's second key, and its lack where the policy
    /// asks for it.
    private func checkSecondKey(
        of statement: Statement,
        as kind: PolicyGovernance.SignedKind
    ) throws(Refusal) {
        let issuer = statement.identity.issuer
        for (position, approval) in statement.approvals.enumerated() {
            let path = "$.payload.approvals[\(position)]"
            guard approval.approver == issuer else {
                throw Refusal(
                    .notAuthorised,
                    "'\(approval.approver)' does not approve a \(kind.rawValue) of '\(issuer)'; "
                        + "governments vote instead.",
                    path: path
                )
            }
            guard let second = members[issuer]?.coKid, approval.kid == second else {
                throw Refusal(
                    .wrongKey,
                    "The kid is not the thumbprint of the second key of '\(issuer)'.",
                    path: "\(path).protected.4"
                )
            }
        }
        try checkSecondKey(of: issuer, kind, isGiven: !statement.approvals.isEmpty)
    }

    /// Refuses the lack of a second key where the policy asks for it.
    func checkSecondKey(
        of issuer: String,
        _ kind: PolicyGovernance.SignedKind,
        isGiven: Bool
    ) throws(Refusal) {
        guard !isGiven, rules.twoKeys.contains(kind) else { return }
        throw Refusal(
            .secondKeyMissing,
            members[issuer]?.coKid == nil
                ? "The policy asks for two keys, and '\(issuer)' has one. A proposal 'key' with a "
                    + "card that has a 'coKey' passes first."
                : "The policy asks for the approval of the second key of '\(issuer)'.",
            path: "$.payload.approvals"
        )
    }

    /// Checks every signature of a statement: its own and those of its approvals.
    ///
    /// The keys are those that ``check(_:)`` compared with the key identifiers, so that the answer
    /// holds wherever the statement passes that check.
    func checkSignatures(_ statement: Statement) throws(Refusal) {
        let key = try signingKey(of: statement)
        do {
            try statement.verifySignature(with: key)
        } catch {
            throw Refusal(.badSignature, "\(error.problem)", path: "$.signature")
        }
        if case .proposal(let body) = statement.body, let card = body.action.memberStatement {
            try checkSignature(ofCard: card)
        }
        for (position, approval) in statement.approvals.enumerated() {
            let path = "$.payload.approvals[\(position)]"
            guard let member = members[approval.approver] else {
                throw Refusal(
                    .notAuthorised,
                    "'\(approval.approver)' is not a member.",
                    path: path
                )
            }
            guard let key = member.key(with: approval.kid),
                approval.isSigned(over: statement.bodyBytes, by: key)
            else {
                throw Refusal(
                    .badSignature,
                    "The approval of '\(approval.approver)' does not hold.",
                    path: "\(path).signature"
                )
            }
        }
    }

    /// The key that the statement names as its signer's.
    private func signingKey(of statement: Statement) throws(Refusal) -> Ed25519.PublicKey {
        guard statement.identity.kind.isByNode else {
            return try checkSigner(statement).card.statementKey
        }
        try checkNodeKey(statement)
        return try nodeKey(of: statement.identity.issuer)
    }

    /// Checks the signatures of a card inside a proposal by the keys that it brings.
    private func checkSignature(ofCard statement: Statement) throws(Refusal) {
        guard case .member(let card) = statement.body else { return }
        let path = "$.payload.body.action.card"
        do {
            try statement.verifySignature(with: card.statementKey)
        } catch {
            throw Refusal(
                .badSignature,
                "\(error.problem)",
                path: "\(path).signature"
            )
        }
        try statement.checkSecondKeySignature(of: card, path: path)
    }
}
