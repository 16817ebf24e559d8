import HashTreeCollections
import QuotaRules

extension BlockRun {
    /// Changes the claimed quantities.
    ///
    /// `was` must be what is claimed now, so that of two amendments of one version the second is a
    /// conflict. What goes down ends as cancelled, out of the reservation first, then out of the
    /// licence; what goes up is judged as if the claim were made with the new quantities, with what
    /// it holds already taken out.
    mutating func amend(
        from was: [UInt64],
        to quantities: [UInt64],
        of record: inout ClaimRecord,
        _ claim: ClaimReference
    ) throws(Refusal) {
        let claimed = record.claimed
        guard was.count == claimed.count, quantities.count == claimed.count else {
            throw Refusal(
                .malformed,
                "The claim has \(claimed.count) lines.",
                path: "$.payload.body.quantities"
            )
        }
        guard was == claimed else {
            throw Refusal(
                .conflict,
                "The claim was amended since: \(claimed.map(String.init).joined(separator: ", ")) "
                    + "are claimed now.",
                path: "$.payload.body.was",
                existing: record.index
            )
        }
        guard was != quantities else {
            throw Refusal(
                .malformed,
                "The amendment changes nothing.",
                path: "$.payload.body.quantities"
            )
        }
        guard record.count(in: .reserved) + record.count(in: .licensed) > 0 else {
            throw Refusal(
                .wrongState,
                "Nothing of the claim waits to be shipped; it is \(record.state.words). Make a new "
                    + "claim for more.",
                path: "$.payload.body.claim",
                existing: record.index
            )
        }
        try reduce(record.lines.indices.map { was[$0] - min(was[$0], quantities[$0]) }, &record)
        let up = record.lines.indices.map { quantities[$0] - min(was[$0], quantities[$0]) }
        if up.contains(where: { $0 > 0 }) {
            try increase(up, to: quantities, &record, claim)
        }
    }

    private mutating func reduce(
        _ down: [UInt64],
        _ record: inout ClaimRecord
    ) throws(Refusal) {
        guard down.contains(where: { $0 > 0 }) else { return }
        try check(down, of: record, in: [.reserved, .licensed])
        let reserved = record.lines.indices.map {
            min(down[$0], record.lines[$0].quantities[.reserved])
        }
        let licensed = record.lines.indices.map { down[$0] - reserved[$0] }
        try shift(reserved, of: &record, from: .reserved, to: .expired, releasing: [.cancellation])
        try shift(licensed, of: &record, from: .licensed, to: .expired, releasing: [.cancellation])
        record.ended = .cancelled
    }

    private mutating func increase(
        _ up: [UInt64],
        to quantities: [UInt64],
        _ record: inout ClaimRecord,
        _ claim: ClaimReference
    ) throws(Refusal) {
        guard !record.isWaiting else {
            throw Refusal(
                .needsDecision,
                "The claim waits for a decision; make a new claim for more.",
                path: "$.payload.body.quantities",
                existing: record.index
            )
        }
        try checkEventMax(
            up,
            policy.document.lifecycle,
            path: "$.payload.body.quantities"
        )
        let lines = record.lines.indices.filter { quantities[$0] > 0 }
        let facts = try facts(
            record.facts,
            lines: lines.map { (record.lines[$0].sku, quantities[$0]) },
            exporter: record.exporter ?? claim.issuer
        )
        let held = record.lines.indices.map { quantities[$0] - up[$0] }
        let decision = judge(facts, crediting: credits(held, record))
        guard decision.outcome.passes else { throw Refusal(decision) }
        try checkSame(decision.movements, record, lines)
        try post(
            decision.movements,
            of: lines.map { record.lines[$0] },
            lines.map { up[$0] },
            to: .reserved
        )
        for place in up.indices { record.lines[place].quantities[.reserved] += up[place] }
        record.fitDeadlines(today: today, policy.document.lifecycle)
    }

    /// Refuses an amendment that would count otherwise than the claim did.
    private func checkSame(
        _ movements: [Movement],
        _ record: ClaimRecord,
        _ lines: [Int]
    ) throws(Refusal) {
        let before = record.postings.map { posting in
            (posting.account, lines.map { posting.perUnit[$0] })
        }.filter { $0.1.contains { $0 > 0 } }
        let isSame =
            before.count == movements.count
            && zip(before, movements).allSatisfy { $0.0 == $1.account && $0.1 == $1.perUnit }
        guard isSame else {
            throw Refusal(
                .ruleRefused,
                "The rules in force count such a claim otherwise than this one was counted; make a "
                    + "new claim for what is added.",
                path: "$.payload.body.quantities",
                existing: record.index
            )
        }
    }
}
