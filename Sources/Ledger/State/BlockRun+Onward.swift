import HashTreeCollections
import QuotaCrypto
import QuotaRules

/// Goods of one claim that go on to another holder in the same country.
struct Transfer {
    let from: ClaimReference
    /// The claim that the transfer makes.
    let to: ClaimReference
    let leafHash: Digest
    let organisation: String
    let facility: String?
    let quantities: [UInt64]?
    let tags: [ChipTag]
}

extension BlockRun {
    /// Hands delivered goods to another organisation of the country, as a claim of their own.
    ///
    /// The rules judge the new claim by the old one's route and dates, with what the goods hold in
    /// accounts of the old claim taken out. In the old claim's accounts the goods are passed on:
    /// given back where the new claim counts in the same account, or where the limit gives back for
    /// attrition, which covers resale and relocation; else they go on counting.
    mutating func transfer(_ transfer: Transfer, of record: inout ClaimRecord) throws(Refusal) {
        let quantities = transfer.quantities ?? record.lines.map { $0.quantities[.delivered] }
        guard record.count(in: .delivered) > 0 else { throw nothing(.delivered, of: record) }
        try check(quantities, of: record, in: [.delivered])
        try checkFacility(
            transfer.facility,
            in: record.facts.destination,
            path: "$.payload.body.facility"
        )
        if let entry = entry(transfer.to.stateKey, kind: .claim) {
            throw Refusal(
                .conflict,
                "'\(transfer.to.id)' is already a claim at leaf \(entry.index); give the event "
                    + "another id.",
                path: "$.protected.15.2",
                existing: entry.index
            )
        }
        let lines = record.lines.indices.filter { quantities[$0] > 0 }
        var next = try successor(of: record, transfer)
        let decision = judge(
            try facts(
                next.facts,
                lines: lines.map { (record.lines[$0].sku, quantities[$0]) },
                exporter: next.exporter ?? transfer.to.issuer
            ),
            crediting: credits(quantities, record)
        )
        guard decision.outcome.passes else { throw Refusal(decision) }
        next.lines = lines.map {
            ClaimRecord.Line(
                sku: record.lines[$0].sku,
                circuits: record.lines[$0].circuits,
                quantities: BucketValues(quantities[$0], in: .delivered)
            )
        }
        next.postings = decision.movements.map {
            ClaimRecord.Posting(account: $0.account, perUnit: $0.perUnit)
        }
        let shared = Set(next.postings.map(\.account))
        move(
            quantities,
            of: &record,
            from: .delivered,
            to: .passedOn,
            releasing: [.attrition],
            sharing: shared
        )
        try post(decision.movements, of: next.lines, lines.map { quantities[$0] }, to: .delivered)
        try detach(transfer.tags, from: &record, transfer.from)
        next.tagCount = UInt64(transfer.tags.count)
        try checkTags(of: next)
        try checkTags(of: record)
        begin(transfer.tags, of: transfer.to)
        add(next, for: transfer.to.stateKey)
    }

    /// The record of the claim that a transfer makes, without its lines.
    private func successor(
        of record: ClaimRecord,
        _ transfer: Transfer
    ) throws(Refusal) -> ClaimRecord {
        let holder = holder(of: record)
        guard
            organisations[transfer.organisation]?.body.location
                == organisations[holder ?? ""]?
                .body.location
        else {
            throw Refusal(
                organisations[transfer.organisation] == nil ? .unknownOrganisation : .wrongState,
                "A transfer goes to a registered organisation of the same country; what leaves the "
                    + "country is a new claim whose source is this one.",
                path: "$.payload.body.organisation"
            )
        }
        let parties = record.facts.parties.map { party in
            party.organisation == holder
                ? ClaimBody.Party(role: party.role, organisation: transfer.organisation) : party
        }
        var next = ClaimRecord(
            index: self.next,
            leafHash: transfer.leafHash,
            policyIndex: policy.index,
            facts: ClaimRecord.Facts(
                authority: record.facts.authority,
                destination: record.facts.destination,
                exported: record.facts.exported,
                received: record.facts.received,
                parties: parties,
                evidence: record.facts.evidence,
                facility: transfer.facility,
                source: transfer.from
            ),
            lines: [],
            postings: []
        )
        let exporter = record.exporter ?? transfer.from.issuer
        next.exporter = exporter == transfer.to.issuer ? nil : exporter
        next.shipped = record.shipped
        next.attested = today
        return next
    }

    /// What the rules need to know about a record.
    func facts(
        _ facts: ClaimRecord.Facts,
        lines: [(sku: String, quantity: UInt64)],
        exporter: String
    ) throws(Refusal) -> ClaimFacts {
        ClaimFacts(
            authority: facts.authority,
            destination: facts.destination,
            parties: try parties(facts.parties),
            lines: lines.map { ClaimLine(sku: $0.sku, quantity: $0.quantity) },
            exported: facts.exported,
            received: facts.received,
            evidence: facts.evidence,
            exporter: exporter,
            facility: facts.facility
        )
    }

    /// What quantities of a record hold in its accounts.
    func credits(_ quantities: [UInt64], _ record: ClaimRecord) -> [AccountKey: UInt64] {
        var credits: [AccountKey: UInt64] = [:]
        for posting in record.postings {
            credits[posting.account, default: 0] +=
                Self.amount(quantities, perUnit: posting.perUnit)
        }
        return credits
    }

    /// The decision of the rules with amounts taken out of accounts.
    func judge(_ facts: ClaimFacts, crediting credits: [AccountKey: UInt64]) -> Decision {
        evaluate(
            facts,
            policy: policy.document,
            catalogue: catalogue.document,
            standing: CreditedStanding(base: standing, credits: credits)
        )
    }

    /// Refuses a claim whose source does not have the goods, or who may not claim them.
    func checkSource(_ body: ClaimBody, issuer: String) throws(Refusal) {
        guard let reference = body.source else { return }
        let path = "$.payload.source"
        guard let source = claim(reference) else {
            throw Refusal(
                .unknownClaim,
                "'\(reference.issuer)' has no claim '\(reference.id)' on this ledger.",
                path: path
            )
        }
        let card = members[issuer]?.card
        let isHolder = card?.organisation.map { $0 == holder(of: source) } ?? false
        guard issuer == source.exporter ?? reference.issuer || isHolder || card?.role == .government
        else {
            throw Refusal(
                .notAuthorised,
                "The goods of \(reference) are claimed on by who exported or holds them, or by a "
                    + "government.",
                path: path
            )
        }
        _ = try sourceQuantities(body.lines.map { ($0.sku, $0.quantity) }, in: source)
    }

    /// How many of each line of the source certain goods are.
    private func sourceQuantities(
        _ goods: [(sku: String, quantity: UInt64)],
        in source: ClaimRecord
    ) throws(Refusal) -> [UInt64] {
        var quantities = source.lines.map { _ in UInt64(0) }
        for (sku, quantity) in goods {
            var rest = quantity
            for place in source.lines.indices where source.lines[place].sku == sku {
                let part = min(rest, source.lines[place].quantities[.delivered] - quantities[place])
                quantities[place] += part
                rest -= part
            }
            guard rest == 0 else {
                throw Refusal(
                    .quantityExceeds,
                    "Of '\(sku)' the source has \(quantity - rest) delivered, not \(quantity); "
                        + "\(quantity - rest) would pass.",
                    path: "$.payload.source",
                    existing: source.index
                )
            }
        }
        return quantities
    }

    /// Takes shipped goods out of the claim that they come from, if there is one.
    ///
    /// - Returns: The record of that claim, which the caller keeps.
    mutating func passOn(
        _ quantities: [UInt64],
        into record: ClaimRecord
    ) throws(Refusal) -> ClaimRecord? {
        guard let reference = record.facts.source, var source = claim(reference) else { return nil }
        let goods = record.lines.indices.map { (record.lines[$0].sku, quantities[$0]) }
        let taken = try sourceQuantities(goods.filter { $0.1 > 0 }, in: source)
        move(taken, of: &source, from: .delivered, to: .passedOn, releasing: [.reexport])
        return source
    }
}

/// What accounts say with certain amounts taken out.
struct CreditedStanding: Standing {
    let base: AccountStanding
    let credits: [AccountKey: UInt64]

    func consumed(_ account: AccountKey) -> UInt64 {
        let consumed = base.consumed(account)
        return consumed - min(consumed, credits[account] ?? 0)
    }

    func uplift(of limit: String, for country: String, on date: CalendarDate) -> UInt64 {
        base.uplift(of: limit, for: country, on: date)
    }

    func granted(of limit: String, to subject: [String], on date: CalendarDate) -> UInt64? {
        base.granted(of: limit, to: subject, on: date)
    }
}
