import CBOR
import HashTreeCollections
import QuotaCrypto
import QuotaRules

extension BlockRun {
    /// Takes a claim in unless the rules refuse it, and reserves what it claims.
    ///
    /// A claim that needs a decision of governments is reserved too, and waits.
    mutating func admit(_ body: ClaimBody, _ statement: Statement) throws(Refusal) -> Decision {
        let decision = try take(
            body,
            issuer: statement.identity.issuer,
            id: statement.identity.subject,
            key: statement.stateKey,
            leafHash: statement.leafHash
        )
        guard decision.outcome != .refuse else { throw Refusal(decision) }
        return decision
    }

    /// The decision on a claim without a statement; unless it is a refusal, its effect is kept.
    mutating func judgeUnsigned(
        _ body: ClaimBody,
        id: String,
        issuer: String
    ) throws(Refusal) -> Decision {
        let key = StateKey.claim(issuer: issuer, id: id)
        if let entry = entry(key, kind: .claim) {
            throw Refusal(
                .conflict,
                "'\(id)' is already claimed at leaf \(entry.index).",
                existing: entry.index,
                judgedAt: base.size
            )
        }
        return try take(body, issuer: issuer, id: id, key: key, leafHash: .zero)
    }

    /// The decision on a claim; unless it is a refusal, the claim is on record.
    private mutating func take(
        _ body: ClaimBody,
        issuer: String,
        id: String,
        key: [UInt8],
        leafHash: Digest
    ) throws(Refusal) -> Decision {
        let facts = try facts(body, issuer: issuer)
        try checkSource(body, issuer: issuer)
        let quantities = body.lines.map(\.quantity)
        let lifecycle = policy.document.lifecycle
        try checkEventMax(quantities, lifecycle, path: "$.payload.lines")
        var decision = judge(facts)
        let claim = ClaimReference(issuer: issuer, id: id)
        let mayOverride =
            decision.outcome == .refuse && isOverridden(claim, body: body.cbor.encoded())
        if mayOverride {
            decision = evaluate(
                facts,
                policy: policy.document,
                catalogue: catalogue.document,
                standing: standing,
                isOverridden: true
            )
        }
        guard decision.outcome != .refuse else { return decision }
        var record = record(body, facts, decision, lifecycle, leafHash: leafHash)
        try post(decision.movements, of: record.lines, quantities, to: .reserved)
        if mayOverride {
            record.isOverridden = true
            useOverride(of: claim)
            mark(decision)
        }
        add(record, for: key)
        return decision
    }

    /// Marks for ever the accounts that a claim takes beyond their caps.
    private mutating func mark(_ decision: Decision) {
        for use in decision.limits where !use.fits {
            guard var total = accounts[use.account] else { continue }
            total.overrides += 1
            setAccount(use.account, total)
        }
    }

    /// The record of a claim that the rules pass, with everything reserved.
    private func record(
        _ body: ClaimBody,
        _ facts: ClaimFacts,
        _ decision: Decision,
        _ lifecycle: PolicyLifecycle,
        leafHash: Digest
    ) -> ClaimRecord {
        var record = ClaimRecord(
            index: next,
            leafHash: leafHash,
            policyIndex: policy.index,
            facts: ClaimRecord.Facts(
                authority: body.authority,
                destination: body.destination,
                exported: body.exported,
                received: body.received,
                parties: body.parties,
                evidence: body.evidence.map(\.type),
                facility: body.facility,
                source: body.source
            ),
            lines: body.lines.map { line in
                ClaimRecord.Line(
                    sku: line.sku,
                    circuits: catalogue.document.item(line.sku)?.circuits ?? 1,
                    quantities: BucketValues(line.quantity, in: .reserved)
                )
            },
            postings: decision.movements.map {
                ClaimRecord.Posting(account: $0.account, perUnit: $0.perUnit)
            }
        )
        record.deadlines.reserved = today + lifecycle.reservationDays
        if decision.outcome == .needsDecision {
            record.decision = .awaiting
            record.asks = decision.requests.map { $0.decision ?? "" }
        }
        if let rule = policy.document.consent(for: facts, catalogue: catalogue.document) {
            record.consent = ClaimRecord.Consent(
                answer: nil,
                isRequired: rule.isRequired,
                answerBy: today + rule.noAnswerDays
            )
        }
        return record
    }

    /// What the rules need to know about a claim, with every organisation looked up.
    func facts(_ body: ClaimBody, issuer: String) throws(Refusal) -> ClaimFacts {
        try checkPolicyInForce()
        try checkFacility(body.facility, in: body.destination, path: "$.payload.facility")
        return ClaimFacts(
            authority: body.authority,
            destination: body.destination,
            parties: try parties(body.parties),
            lines: body.lines,
            exported: body.exported,
            received: body.received,
            evidence: body.evidence.map(\.type),
            exporter: issuer,
            facility: body.facility
        )
    }

    /// What the rules need to know about the parties of a claim.
    func parties(_ parties: [ClaimBody.Party]) throws(Refusal) -> [PartyFacts] {
        var facts: [PartyFacts] = []
        facts.reserveCapacity(parties.count)
        for (position, party) in parties.enumerated() {
            let organisation = try usable(
                party.organisation,
                path: "$.payload.parties[\(position)].organisation"
            )
            facts.append(organisation.facts(role: party.role))
        }
        return facts
    }

    /// An organisation that may act now: registered, and out of its cooling-off.
    func usable(_ id: String, path: @autoclosure () -> String) throws(Refusal) -> Organisation {
        guard let organisation = organisations[id] else {
            throw Refusal(
                .unknownOrganisation,
                "'\(id)' is not a registered organisation. A government member registers it first.",
                path: path()
            )
        }
        guard organisation.usableFrom <= time else {
            throw Refusal(
                .coolingOff,
                "'\(id)' is new; it can act from block time \(organisation.usableFrom) on.",
                path: path(),
                existing: organisation.index
            )
        }
        return organisation
    }

    /// What the rules ask at this point of the run.
    var standing: AccountStanding {
        AccountStanding(accounts: accounts, grants: governance.grants)
    }

    /// The decision of the rules on facts at this point of the run.
    func judge(_ facts: ClaimFacts) -> Decision {
        evaluate(
            facts,
            policy: policy.document,
            catalogue: catalogue.document,
            standing: standing
        )
    }

    /// Withdraws what is not shipped of a claim.
    mutating func cancel(_ body: CancelBody, _ statement: Statement) throws(Refusal) {
        let reference = ClaimReference(issuer: statement.identity.issuer, id: body.claim)
        guard case .claim(var record)? = entry(reference.stateKey, kind: .claim) else {
            throw Refusal(
                .unknownClaim,
                "'\(reference.issuer)' has no claim '\(reference.id)' on this ledger.",
                path: "$.payload.claim"
            )
        }
        guard record.count(in: .reserved) + record.count(in: .licensed) > 0 else {
            throw Refusal(
                .conflict,
                "Nothing of the claim waits to be shipped; it is \(record.state.words).",
                path: "$.payload.claim",
                existing: record.index
            )
        }
        end(.reserved, of: &record, .cancelled, releasing: .cancellation)
        end(.licensed, of: &record, .cancelled, releasing: .cancellation)
        update(record, reference)
        register(statement, body: nil)
    }

    /// Ends everything of a record that stands in a bucket.
    mutating func end(
        _ bucket: Bucket,
        of record: inout ClaimRecord,
        _ ending: ClaimRecord.Ending,
        releasing event: ReleaseEvent
    ) {
        guard record.count(in: bucket) > 0 else { return }
        move(
            record.lines.map { $0.quantities[bucket] },
            of: &record,
            from: bucket,
            to: .expired,
            releasing: [event]
        )
        record.ended = ending
        record.fitDeadlines()
    }
}

extension ClaimRecord {
    /// Forgets deadlines of what no longer waits.
    mutating func fitDeadlines() {
        if count(in: .reserved) == 0 { deadlines.reserved = 0 }
        if count(in: .licensed) == 0 { deadlines.licensed = 0 }
    }
}

extension ClaimRecord.State {
    /// The state in a sentence.
    var words: String {
        switch self {
        case .awaiting: "waiting for a decision of governments"
        case .inTransit: "in transit"
        case .shortfall: "short at acceptance"
        case .passedOn: "passed on into another claim"
        default: rawValue
        }
    }
}
