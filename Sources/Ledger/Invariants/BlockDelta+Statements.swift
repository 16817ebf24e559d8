import COSE
import HashTreeCollections
import QuotaCrypto
import QuotaRules
import Votes

extension BlockDelta {
    /// Checks who signed what, and when.
    func checkStatements(_ findings: inout InvariantFindings) {
        for (position, statement) in block.statements.enumerated() {
            let index = before.size + UInt64(position)
            let subject =
                "leaf \(index), the \(statement.identity.kind.rawValue) of "
                + "'\(statement.identity.issuer)'"
            checkTime(statement, subject, &findings)
            checkKeys(statement, subject, &findings)
            checkStanding(statement.identity.issuer, statement.kid, statement, subject, &findings)
            for approval in statement.approvals {
                checkStanding(approval.approver, approval.kid, statement, subject, &findings)
            }
            checkNumber(of: statement, subject, &findings)
        }
    }

    /// Checks that as many signed as the policy in force asks for.
    private func checkNumber(
        of statement: Statement,
        _ subject: String,
        _ findings: inout InvariantFindings
    ) {
        let signers = Set([statement.identity.issuer] + statement.approvals.map(\.approver))
        let policy = after.policy.document
        switch statement.body {
        case .event(let body):
            let wanted = policy.lifecycle.signatures(of: body.event.kind).count
            findings.expect(
                signers.count >= wanted,
                .signatures,
                subject,
                "\(wanted) members, for '\(body.event.kind.rawValue)'",
                found: "\(signers.count)"
            )
        case .organisation:
            let governments = signers.count {
                after.memberTable[$0]?.card.role == .government
            }
            // Votes come before organisations in a block, so who counts at its end counted there.
            let wanted = policy.governance.threshold(of: .registration)
                .needed(of: after.governmentCount)
            findings.expect(
                governments >= wanted,
                .signatures,
                subject,
                "\(wanted) governments",
                found: "\(governments)"
            )
        case .evidence(let body):
            let voters = before.epoch.validators(in: body.epoch) ?? []
            let verifier = Ed25519VoteVerifier(keys: voters.map(\.node.vote))
            findings.expect(
                voters.firstIndex { $0.id == body.member } == body.pair.member
                    && body.pair.isValid(chainID: before.chainID, verifier: verifier),
                .signatures,
                subject,
                "two votes that '\(body.member)' signed in epoch \(body.epoch)",
                found: "others"
            )
        default: return
        }
    }

    private func checkTime(
        _ statement: Statement,
        _ subject: String,
        _ findings: inout InvariantFindings
    ) {
        let time = after.blockTime
        let first = time - min(time, StatementTime.behindMax)
        let last = time + StatementTime.aheadMax
        findings.expect(
            (first...last).contains(statement.issuedAt),
            .time,
            "the time of \(subject)",
            "from \(first) to \(last)",
            found: "\(statement.issuedAt)"
        )
    }

    private func checkKeys(
        _ statement: Statement,
        _ subject: String,
        _ findings: inout InvariantFindings
    ) {
        let kids = [statement.kid] + statement.approvals.map(\.kid)
        findings.expect(
            Set(kids).count == kids.count,
            .signatures,
            subject,
            "\(kids.count) distinct keys",
            found: "\(Set(kids).count)"
        )
        let body = statement.bodyBytes
        for (id, kid) in zip(
            [statement.identity.issuer] + statement.approvals.map(\.approver),
            kids
        ) {
            findings.expect(
                kidsInForce(of: id, statement.identity.kind).contains(kid),
                .signatures,
                "\(subject), signed by '\(id)'",
                "a key that the member had before or got in this block",
                found: "\(kid) over \(body.count) bytes"
            )
        }
    }

    /// The keys that a member had at some place of the block.
    private func kidsInForce(of id: String, _ kind: StatementKind) -> [Digest] {
        let members = [before.memberTable[id], after.memberTable[id]].compactMap { $0 }
        guard !kind.isByNode else {
            return members.compactMap { $0.card.node.map { COSEKey.thumbprint($0.log) } }
        }
        let rotated = passed.compactMap { $0.after.body.action.memberStatement?.body }
            .compactMap { body -> Digest? in
                guard case .member(let card) = body, card.id == id else { return nil }
                return COSEKey.thumbprint(card.statementKey)
            }
        return members.flatMap { [$0.kid, $0.coKid].compactMap { $0 } } + rotated
    }

    /// Checks that a signer was neither new nor suspended nor expelled at its place.
    private func checkStanding(
        _ id: String,
        _ kid: Digest,
        _ statement: Statement,
        _ subject: String,
        _ findings: inout InvariantFindings
    ) {
        let member = [before.memberTable[id], after.memberTable[id]].compactMap { $0 }
            .first { $0.kid == kid || $0.coKid == kid }
        guard let member else { return }
        findings.expect(
            member.usableFrom <= after.blockTime,
            .coolingOff,
            "\(subject), signed by '\(id)'",
            "a key that is usable from \(member.usableFrom) on",
            found: "block time \(after.blockTime)"
        )
        findings.expect(
            before.memberTable[id]?.ended == nil,
            .coolingOff,
            "\(subject), signed by '\(id)'",
            "a member",
            found: "a member that was expelled before"
        )
        guard let held = after.governance.suspended[id] else { return }
        // Suspensions come before all else in a block, so one that stands at its end stood there.
        let isHeld =
            statement.identity.kind.rank > StatementKind.suspension.rank
            || before.governance.suspended[id] == held
        findings.expect(
            !isHeld,
            .coolingOff,
            "\(subject), signed by '\(id)'",
            "a member that is not suspended",
            found: "suspended by \(held)"
        )
    }

    // MARK: - Company

    /// Checks that whatever needs others had others.
    func checkCompany(_ findings: inout InvariantFindings) {
        for change in passed {
            checkApproval(change.after.ballot, of: change.key, &findings)
        }
        for change in suspensions
        where change.after.state == .confirmed && change.before?.state != .confirmed {
            checkApproval(change.after.ballot, of: change.key, &findings)
        }
        for change in claims {
            if change.after.decision == .approved, change.before?.decision != .approved {
                checkApproval(
                    after.decision(on: change.key)?.ballot ?? Ballot(),
                    of: BallotSubject(.claim, issuer: change.key.issuer, id: change.key.id),
                    &findings
                )
            }
            guard change.after.isOverridden, change.before == nil else { continue }
            let permit = after.override(of: change.key)
            findings.expect(
                permit?.used == change.after.index,
                .company,
                "\(change.key), which goes beyond a cap",
                "an override that members decided, used by it",
                found: permit == nil ? "none" : "one that it does not use"
            )
        }
        for statement in block.statements where statement.identity.kind == .inventory {
            let others = statement.approvals.filter { $0.approver != statement.identity.issuer }
            findings.expect(
                !others.isEmpty,
                .company,
                "the inventory of '\(statement.identity.subject)'",
                "the approval of another government",
                found: "none"
            )
        }
    }

    private func checkApproval(
        _ ballot: Ballot,
        of subject: BallotSubject,
        _ findings: inout InvariantFindings
    ) {
        let others = ballot.members(approving: true).filter { $0 != subject.issuer }
        findings.expect(
            !others.isEmpty || min(before.governmentCount, after.governmentCount) <= 1,
            .company,
            "what \(subject) decided",
            "the approval of another member than '\(subject.issuer)'",
            found: "none"
        )
    }
}

extension LedgerState {
    /// How many governments can vote.
    fileprivate var governmentCount: Int {
        memberTable.values.count { member in
            let held = governance.suspended[member.card.id].flatMap { governance.suspensions[$0] }
            return member.card.role == .government && member.ended == nil
                && member.usableFrom <= blockTime && held?.state != .confirmed
        }
    }
}
