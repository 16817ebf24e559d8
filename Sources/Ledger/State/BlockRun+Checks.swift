import COSE
import HashTreeCollections
import QuotaCrypto

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
        try checkSigner(statement)
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
                + "Nothing was changed. Use a new id, or submit the first statement again to get its "
                + "receipt.",
            path: "$.protected.15.2",
            existing: entry.index
        )
    }

    /// Refuses a signer that is not a member, or names a key that is not the member's.
    private func checkSigner(_ statement: Statement) throws(Refusal) {
        guard let (_, kid) = signer(of: statement) else {
            throw Refusal(
                .unknownIssuer,
                "'\(statement.identity.issuer)' is not a member of this ledger.",
                path: "$.protected.15.1"
            )
        }
        guard statement.kid == kid else {
            throw Refusal(
                .wrongKey,
                "The kid is not the thumbprint of the statement key of "
                    + "'\(statement.identity.issuer)'.",
                path: "$.protected.4"
            )
        }
    }

    /// The key that must have signed, and its thumbprint.
    ///
    /// A member card is signed by the key that it brings; everything else by a registered member.
    private func signer(of statement: Statement) -> (key: Ed25519.PublicKey, kid: Digest)? {
        if case .member(let card) = statement.body {
            guard statement.identity.issuer == card.id else { return nil }
            return (card.statementKey, COSEKey.thumbprint(card.statementKey))
        }
        return members[statement.identity.issuer].map { ($0.card.statementKey, $0.kid) }
    }

    /// Refuses a statement that too few validators agree to, without checking their signatures.
    private func checkApprovals(_ statement: Statement) throws(Refusal) {
        guard statement.identity.kind.needsApprovals else { return }
        var agreeing: Set<String> = []
        let validators = Set(base.validators.map(\.id))
        if validators.contains(statement.identity.issuer) {
            agreeing.insert(statement.identity.issuer)
        }
        for (position, approval) in statement.approvals.enumerated() {
            let path = "$.payload.approvals[\(position)]"
            guard let member = members[approval.approver], validators.contains(approval.approver)
            else {
                throw Refusal(
                    .notAuthorised,
                    "'\(approval.approver)' is not a validator.",
                    path: path
                )
            }
            guard approval.kid == member.kid else {
                throw Refusal(
                    .wrongKey,
                    "The kid is not the thumbprint of the statement key of '\(approval.approver)'.",
                    path: "\(path).protected.4"
                )
            }
            agreeing.insert(approval.approver)
        }
        let threshold = Validator.threshold(of: validators.count)
        guard agreeing.count >= threshold else {
            throw Refusal(
                .approvalsMissing,
                "\(agreeing.count) of \(validators.count) validators approved; "
                    + "\(threshold) are needed.",
                path: "$.payload.approvals"
            )
        }
    }

    /// Checks every signature of a statement: its own and those of its approvals.
    ///
    /// The keys are those that ``check(_:)`` compared with the key identifiers, so that the answer
    /// holds wherever the statement passes that check.
    func checkSignatures(_ statement: Statement) throws(Refusal) {
        try checkSigner(statement)
        guard let (key, _) = signer(of: statement) else { return }
        do {
            try statement.verifySignature(with: key)
        } catch {
            throw Refusal(.badSignature, "\(error.problem)", path: "$.signature")
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
            guard approval.kid == member.kid,
                approval.isSigned(over: statement.bodyBytes, by: member.card.statementKey)
            else {
                throw Refusal(
                    .badSignature,
                    "The approval of '\(approval.approver)' does not hold.",
                    path: "\(path).signature"
                )
            }
        }
    }
}
