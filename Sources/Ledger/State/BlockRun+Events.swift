import QuotaCrypto
import QuotaRules

extension BlockRun {
    /// Carries out an event that its signers declare.
    mutating func happen(_ body: EventBody, _ statement: Statement) throws(Refusal) {
        guard !body.event.kind.isDecided else {
            throw Refusal(
                .notAuthorised,
                "'\(body.event.kind.rawValue)' is decided by governments: a proposal with the action "
                    + "'event' carries it.",
                path: "$.payload.body.event"
            )
        }
        var record = try known(body.claim)
        try checkSignatures(of: body.event.kind, on: record, body.claim, by: statement)
        if case .presence(let grade, _, _) = body.event {
            try checkInspector(for: grade, by: statement)
        }
        // What comes last in an event, setting records and tags, cannot fail; accounts can be put
        // back.
        let before = accounts
        let mark = journal?.count
        do throws(Refusal) {
            try carry(body, statement, on: &record)
        } catch {
            accounts = before
            if let mark { forgetJournal(after: mark) }
            throw error
        }
        update(record, body.claim)
        register(statement, body: nil)
    }

    private mutating func carry(
        _ body: EventBody,
        _ statement: Statement,
        on record: inout ClaimRecord
    ) throws(Refusal) {
        guard case .transfer(let organisation, let facility, let quantities, let tags) = body.event
        else { return try carry(body, on: &record) }
        let identity = statement.identity
        try transfer(
            Transfer(
                from: body.claim,
                to: ClaimReference(issuer: identity.issuer, id: identity.subject),
                leafHash: statement.leafHash,
                organisation: organisation,
                facility: facility,
                quantities: quantities,
                tags: tags
            ),
            of: &record
        )
    }

    /// Refuses an event that could not be carried out now, for a proposal that would bring it about.
    func checkDecided(_ body: EventBody) throws(Refusal) {
        guard body.event.kind != .transfer else {
            throw Refusal(
                .notAuthorised,
                "A transfer needs the word of those who hold the goods.",
                path: "$.payload.body.action.body.event"
            )
        }
        var trial = self
        var record = try known(body.claim)
        try trial.carry(body, on: &record)
    }

    /// Carries out an event that governments decided and that ``checkDecided(_:)`` lets pass.
    mutating func carryOutDecided(_ body: EventBody) {
        guard var record = claim(body.claim) else { return }
        do throws(Refusal) {
            try carry(body, on: &record)
            update(record, body.claim)
        } catch {
            // The vote that decided was refused in that case.
            return
        }
    }

    private func known(_ claim: ClaimReference) throws(Refusal) -> ClaimRecord {
        guard let record = self.claim(claim) else {
            throw Refusal(
                .unknownClaim,
                "'\(claim.issuer)' has no claim '\(claim.id)' on this ledger.",
                path: "$.payload.body.claim"
            )
        }
        return record
    }

    private mutating func carry(
        _ body: EventBody,
        on record: inout ClaimRecord
    ) throws(Refusal) {
        switch body.event {
        case .consent(let answer, _): try consent(answer, of: &record)
        case .licence(let quantities, let expires, let digest):
            try license(quantities, until: expires, digest, of: &record)
        case .test(let digest):
            try checkLive(record)
            record.test = digest
        case .ship(let quantities, let date, let tags, _):
            try ship(quantities, on: date, tags, of: &record, body.claim)
        case .tags(let tags):
            var source = record.facts.source.flatMap(claim)
            try attach(tags, to: &record, body.claim, from: &source)
            begin(tags, of: body.claim)
            if let source, let reference = record.facts.source { update(source, reference) }
        case .accept(let quantities, let date, let isFinal):
            try accept(quantities, on: date, isFinal: isFinal, of: &record)
        case .presence(let grade, let quantities, _):
            try attest(grade, quantities, of: &record)
        case .transfer, .disclose: return
        case .amend(let was, let quantities):
            try amend(from: was, to: quantities, of: &record, body.claim)
        case .turnBack, .lost, .found, .retire, .dispute, .resolve, .writeOff, .correct:
            try carryLoss(body, on: &record)
        }
    }

    /// The events that take goods out of their way, or put them back on it.
    private mutating func carryLoss(
        _ body: EventBody,
        on record: inout ClaimRecord
    ) throws(Refusal) {
        switch body.event {
        case .turnBack(let quantities, let from, let tags):
            try detach(tags, from: &record, body.claim)
            // What never entered another country counts as not shipped, where cancellation does.
            try shift(
                quantities,
                of: &record,
                from: from,
                to: .returned,
                releasing: from == .inTransit ? [.returned, .cancellation] : [.returned]
            )
            end(tags, of: body.claim)
        case .lost(let quantities, let from):
            try shift(quantities, of: &record, from: from, to: .lost)
        case .found(let quantities, let to):
            try shift(quantities, of: &record, from: .lost, to: to)
        case .retire(let quantities, let tags, _):
            try detach(tags, from: &record, body.claim)
            try shift(
                quantities,
                of: &record,
                from: .delivered,
                to: .retired,
                releasing: [.attrition]
            )
            end(tags, of: body.claim)
        case .dispute(let quantities, let from, _):
            try shift(quantities, of: &record, from: from, to: .disputed)
            record.contest(quantities, from: from)
        case .resolve(let quantities, let from, let to):
            try resolve(quantities, from: from, to: to, of: &record)
        case .writeOff(let quantities, let from):
            try shift(quantities, of: &record, from: from, to: .retired, releasing: [.attrition])
        case .correct(let quantities, let from, let to):
            try checkPath(from: from, to: to)
            try shift(quantities, of: &record, from: from, to: to)
        default: return
        }
    }

    /// Refuses to put what was never shipped where only shipped goods are, or the other way round, and
    /// to license without a licence.
    func checkPath(from: Bucket, to: Bucket) throws(Refusal) {
        let targets: [Bucket] =
            switch from {
            case .reserved: [.reserved, .expired]
            case .licensed: [.licensed, .reserved, .expired]
            default: [.inTransit, .delivered, .shortfall, .lost, .returned, .retired]
            }
        guard !targets.contains(to) else { return }
        throw Refusal(
            .wrongState,
            "What was \(from.words) cannot be put among what is \(to.words); one of these would "
                + "pass: \(targets.map(\.words).joined(separator: ", ")).",
            path: "$.payload.body.action.body.to"
        )
    }

    /// Moves quantities that the record must have, and keeps the deadlines in step.
    mutating func shift(
        _ quantities: [UInt64],
        of record: inout ClaimRecord,
        from: Bucket,
        to: Bucket,
        releasing events: [ReleaseEvent] = []
    ) throws(Refusal) {
        try check(quantities, of: record, in: [from])
        move(quantities, of: &record, from: from, to: to, releasing: events)
        record.fitDeadlines(today: today, policy.document.lifecycle)
        try checkTags(of: record)
    }

    /// Refuses quantities that do not fit the claim's lines, or exceed what stands in buckets.
    func check(
        _ quantities: [UInt64],
        of record: ClaimRecord,
        in buckets: [Bucket]
    ) throws(Refusal) {
        let path = "$.payload.body.quantities"
        guard quantities.count == record.lines.count else {
            throw Refusal(
                .malformed,
                "The claim has \(record.lines.count) lines, and \(quantities.count) are given.",
                path: path
            )
        }
        for (place, quantity) in quantities.enumerated() {
            let there = buckets.reduce(0) { $0 + record.lines[place].quantities[$1] }
            guard quantity > there else { continue }
            let words = buckets.map(\.words).joined(separator: " and ")
            throw Refusal(
                there == 0 ? .wrongState : .quantityExceeds,
                "Of '\(record.lines[place].sku)' \(there) stand \(words), not \(quantity); "
                    + (there == 0
                        ? "the claim is \(record.state.words)." : "\(there) would pass."),
                path: "\(path)[\(place)]",
                existing: record.index
            )
        }
        try checkEventMax(quantities, policy.document.lifecycle, path: path)
    }

    /// Refuses more items than the policy allows in one claim or event.
    func checkEventMax(
        _ quantities: [UInt64],
        _ lifecycle: PolicyLifecycle,
        path: String
    ) throws(Refusal) {
        guard let most = lifecycle.quantityPerEventMax else { return }
        let sum = quantities.reduce(0, +)
        guard sum <= most else {
            throw Refusal(
                .quantityExceeds,
                "One claim or event is about at most \(most) items, not \(sum); split it.",
                path: path
            )
        }
    }

    /// Refuses an event of a claim of which nothing is left to move.
    private func checkLive(_ record: ClaimRecord) throws(Refusal) {
        let isLive = Bucket.allCases.contains { !$0.isFinal && record.count(in: $0) > 0 }
        guard isLive else {
            throw Refusal(
                .wrongState,
                "The claim is \(record.state.words); nothing of it moves any more.",
                path: "$.payload.body.claim",
                existing: record.index
            )
        }
    }
}

extension Bucket {
    /// Where a quantity stands, in a sentence.
    var words: String {
        switch self {
        case .inTransit: "in transit"
        case .passedOn: "passed on"
        case .shortfall: "missing at acceptance"
        default: rawValue
        }
    }
}

extension ClaimRecord {
    /// Notes where contested quantities came from.
    mutating func contest(_ quantities: [UInt64], from: Bucket) {
        if let place = disputes.firstIndex(where: { $0.from == from }) {
            for line in quantities.indices { disputes[place].quantities[line] += quantities[line] }
            return
        }
        let order = Bucket.allCases
        let rank = order.firstIndex(of: from)
        let place = disputes.firstIndex { order.firstIndex(of: $0.from) ?? 0 > rank ?? 0 }
        disputes.insert(
            Dispute(from: from, quantities: quantities),
            at: place ?? disputes.endIndex
        )
    }

    /// Keeps the deadlines in step with what waits: none where nothing does, a new one where
    /// something came back.
    mutating func fitDeadlines(today: UInt64, _ lifecycle: PolicyLifecycle) {
        fitDeadlines()
        if count(in: .reserved) > 0, deadlines.reserved == 0 {
            deadlines.reserved = today + lifecycle.reservationDays
        }
        if count(in: .licensed) > 0, deadlines.licensed == 0 {
            deadlines.licensed = today + lifecycle.reservationDays
        }
    }
}
