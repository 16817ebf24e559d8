import HashTreeCollections
import QuotaCrypto
import QuotaRules

extension BlockRun {
    /// Carries out what a checked statement says, or changes nothing.
    mutating func perform(_ statement: Statement) throws(Refusal) -> Decision? {
        switch statement.body {
        case .genesis:
            throw Refusal(
                .notAuthorised,
                "A ledger has one genesis statement.",
                path: "$.protected.3"
            )
        case .member(let card):
            try register(card, statement)
        case .policy(let document):
            register(statement, body: statement.bodyBytes)
            policy = Adopted(document, bytes: statement.bodyBytes, index: next)
        case .catalogue(let document):
            register(statement, body: statement.bodyBytes)
            catalogue = Adopted(document, bytes: statement.bodyBytes, index: next)
        case .organisation(let body):
            try register(body, statement)
        case .claim(let body):
            return try admit(body, statement)
        case .cancel(let body):
            try cancel(body, statement)
        }
        return nil
    }

    private mutating func register(_ statement: Statement, body: [UInt8]?) {
        let registration = Registration(
            index: next,
            leafHash: statement.leafHash,
            issuer: body == nil ? nil : statement.identity.issuer,
            body: body
        )
        set(.registration(registration), for: statement.stateKey)
    }

    private mutating func register(
        _ card: MemberCard,
        _ statement: Statement
    ) throws(Refusal) {
        // The validators change at the end of an epoch only; a card that brings a node would make
        // its keys count before that.
        guard card.node == nil else {
            throw Refusal(
                .notAuthorised,
                "A member that joins later is registered without a node; validators are those of "
                    + "the genesis statement.",
                path: "$.payload.body.node"
            )
        }
        register(statement, body: statement.bodyBytes)
        members[card.id] = Member(card: card, index: next, leafHash: statement.leafHash)
    }

    private mutating func register(
        _ body: OrganisationBody,
        _ statement: Statement
    ) throws(Refusal) {
        guard members[statement.identity.issuer]?.card.role == .government else {
            throw Refusal(
                .notAuthorised,
                "Only a government member registers organisations.",
                path: "$.protected.15.1"
            )
        }
        register(statement, body: statement.bodyBytes)
        organisations[body.id] = Organisation(
            body: body,
            issuer: statement.identity.issuer,
            index: next
        )
    }

    private mutating func admit(
        _ body: ClaimBody,
        _ statement: Statement
    ) throws(Refusal) -> Decision {
        let decision = judge(try facts(body, issuer: statement.identity.issuer))
        guard decision.outcome.passes else { throw Refusal(decision) }
        try post(decision.movements)
        let record = ClaimRecord(
            index: next,
            leafHash: statement.leafHash,
            state: .admitted,
            postings: decision.movements.map {
                ClaimRecord.Posting(account: $0.account, amount: $0.amount)
            }
        )
        set(.claim(record), for: statement.stateKey)
        return decision
    }

    /// What the rules need to know about a claim, with every organisation looked up.
    func facts(_ body: ClaimBody, issuer: String) throws(Refusal) -> ClaimFacts {
        ClaimFacts(
            authority: body.authority,
            destination: body.destination,
            parties: try parties(body.parties),
            lines: body.lines,
            exported: body.exported,
            received: body.received,
            evidence: body.evidence.map(\.type),
            exporter: issuer
        )
    }

    /// What the rules need to know about the parties of a claim.
    func parties(_ parties: [ClaimBody.Party]) throws(Refusal) -> [PartyFacts] {
        var facts: [PartyFacts] = []
        facts.reserveCapacity(parties.count)
        for (position, party) in parties.enumerated() {
            guard let organisation = organisations[party.organisation] else {
                throw Refusal(
                    .unknownOrganisation,
                    "'\(party.organisation)' is not a registered organisation. A government member "
                        + "registers it first.",
                    path: "$.payload.parties[\(position)].organisation"
                )
            }
            facts.append(organisation.facts(role: party.role))
        }
        return facts
    }

    /// The decision of the rules on facts at this point of the run.
    func judge(_ facts: ClaimFacts) -> Decision {
        evaluate(
            facts,
            policy: policy.document,
            catalogue: catalogue.document,
            standing: AccountStanding(accounts: accounts)
        )
    }

    /// The decision on a claim without a statement; if it passes, its effect is kept.
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
        let decision = judge(try facts(body, issuer: issuer))
        guard decision.outcome.passes else { return decision }
        try post(decision.movements)
        let record = ClaimRecord(
            index: next,
            leafHash: .zero,
            state: .admitted,
            postings: []
        )
        set(.claim(record), for: key)
        return decision
    }

    private mutating func post(_ movements: [Movement]) throws(Refusal) {
        var totals: [(AccountKey, AccountTotal)] = []
        for movement in movements {
            let before = accounts[movement.account]?.consumed ?? 0
            let (after, overflow) = before.addingReportingOverflow(movement.amount)
            guard !overflow, after < Tpp.totalBound else {
                throw Refusal(.limitExceeded, "An account would pass the largest total there is.")
            }
            totals.append(
                (
                    movement.account,
                    AccountTotal(
                        consumed: after,
                        cap: movement.cap,
                        unit: movement.unit,
                        asOf: next
                    )
                )
            )
        }
        for (account, total) in totals { setAccount(account, total) }
    }

    private mutating func cancel(
        _ body: CancelBody,
        _ statement: Statement
    ) throws(Refusal) {
        let key = StateKey.claim(issuer: statement.identity.issuer, id: body.claim)
        guard case .claim(let record)? = entry(key, kind: .claim) else {
            throw Refusal(
                .unknownClaim,
                "'\(statement.identity.issuer)' has no claim '\(body.claim)' on this ledger.",
                path: "$.payload.claim"
            )
        }
        guard record.state == .admitted else {
            throw Refusal(
                .conflict,
                "The claim is already cancelled.",
                path: "$.payload.claim",
                existing: record.index
            )
        }
        let kept = release(record.postings)
        set(
            .claim(
                ClaimRecord(
                    index: record.index,
                    leafHash: record.leafHash,
                    state: .cancelled,
                    postings: kept
                )
            ),
            for: key
        )
        register(statement, body: nil)
    }

    /// Takes back what the limits of the policy in force give back on cancellation.
    ///
    /// - Returns: What they keep.
    private mutating func release(_ postings: [ClaimRecord.Posting]) -> [ClaimRecord.Posting] {
        var kept: [ClaimRecord.Posting] = []
        for posting in postings {
            guard let limit = policy.document.limit(posting.account.limit),
                limit.release.events.contains(.cancellation),
                let total = accounts[posting.account], total.consumed >= posting.amount
            else {
                kept.append(posting)
                continue
            }
            setAccount(
                posting.account,
                AccountTotal(
                    consumed: total.consumed - posting.amount,
                    cap: total.cap,
                    unit: total.unit,
                    asOf: next
                )
            )
        }
        return kept
    }
}
