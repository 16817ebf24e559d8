import QuotaCrypto
import QuotaRules

extension BlockRun {
    /// The receiving government answers; a no ends what is reserved.
    mutating func consent(_ answer: Bool, of record: inout ClaimRecord) throws(Refusal) {
        guard let question = record.consent else {
            throw Refusal(
                .wrongState,
                "The policy asks nobody for consent to this claim.",
                path: "$.payload.body.event",
                existing: record.index
            )
        }
        guard question.answer == nil else {
            throw Refusal(
                .conflict,
                "The question is answered already.",
                path: "$.payload.body.answer",
                existing: record.index
            )
        }
        record.consent?.answer = answer
        if !answer { end(.reserved, of: &record, .rejected, releasing: .cancellation) }
    }

    /// Covers what is reserved by a licence.
    mutating func license(
        _ quantities: [UInt64]?,
        until expires: CalendarDate,
        _ digest: Digest?,
        of record: inout ClaimRecord
    ) throws(Refusal) {
        try checkMayProceed(record)
        let quantities = quantities ?? record.lines.map { $0.quantities[.reserved] }
        guard quantities.contains(where: { $0 > 0 }) else { throw nothing(.reserved, of: record) }
        try check(quantities, of: record, in: [.reserved])
        let last = today + policy.document.lifecycle.licenceDays
        guard let day = UInt64(exactly: expires.dayNumber), (today...last).contains(day) else {
            let until = CalendarDate(dayNumber: Int(last)).map { "\($0)" } ?? "the end of time"
            throw Refusal(
                .licenceExpired,
                "A licence that ends on \(expires) does not do: it must end today or later, and by "
                    + "\(until).",
                path: "$.payload.body.expires"
            )
        }
        try shift(quantities, of: &record, from: .reserved, to: .licensed)
        let isFirst = record.licence == nil || record.deadlines.licensed == 0
        record.deadlines.licensed = isFirst ? day : min(record.deadlines.licensed, day)
        if record.count(in: .licensed) == quantities.reduce(0, +) {
            record.deadlines.licensed = day
        }
        record.licence = digest
    }

    /// Refuses what must wait for governments: a decision, or the consent of the receiving one.
    private func checkMayProceed(_ record: ClaimRecord) throws(Refusal) {
        guard !record.isWaiting else {
            throw Refusal(
                .needsDecision,
                "The claim waits for a decision of governments; votes on it come first.",
                path: "$.payload.body.claim",
                existing: record.index
            )
        }
        guard let consent = record.consent, consent.answer != true else { return }
        if consent.answer == nil, !consent.isRequired, today > consent.answerBy { return }
        let day = CalendarDate(dayNumber: Int(consent.answerBy)).map { "\($0)" } ?? "its time"
        throw Refusal(
            .notConsented,
            consent.answer == false
                ? "The receiving government refused."
                : "The receiving government has not answered"
                    + (consent.isRequired
                        ? ", and its consent is required."
                        : "; after \(day) its silence is noted, and the claim goes on."),
            path: "$.payload.body.claim",
            existing: record.index
        )
    }

    /// Sends a part or all on its way.
    mutating func ship(
        _ quantities: [UInt64],
        on date: CalendarDate,
        _ tags: [ChipTag],
        of record: inout ClaimRecord,
        _ claim: ClaimReference
    ) throws(Refusal) {
        try checkMayProceed(record)
        let day = try checkDate(date)
        let lifecycle = policy.document.lifecycle
        if lifecycle.licenceFree.contains(record.facts.authority) {
            try check(quantities, of: record, in: [.licensed, .reserved])
        } else {
            try checkLicence(quantities, on: day, record, lifecycle)
        }
        let licensed = record.lines.indices.map {
            min(quantities[$0], record.lines[$0].quantities[.licensed])
        }
        let rest = record.lines.indices.map { quantities[$0] - licensed[$0] }
        try shift(licensed, of: &record, from: .licensed, to: .inTransit)
        try shift(rest, of: &record, from: .reserved, to: .inTransit)
        record.shipped = max(record.shipped, day)
        var source = try passOn(quantities, into: record)
        try attach(tags, to: &record, claim, from: &source)
        if let source, let reference = record.facts.source {
            try checkTags(of: source)
            update(source, reference)
        }
        begin(tags, of: claim)
    }

    /// Refuses what the licence does not cover, but for the tolerance of the policy.
    private func checkLicence(
        _ quantities: [UInt64],
        on day: UInt64,
        _ record: ClaimRecord,
        _ lifecycle: PolicyLifecycle
    ) throws(Refusal) {
        try check(quantities, of: record, in: [.licensed, .reserved])
        for (place, quantity) in quantities.enumerated() {
            let line = record.lines[place].quantities
            let extra = line[.licensed] * lifecycle.tolerancePercent / 100
            let most = line[.licensed] + min(extra, line[.reserved])
            guard quantity > most else { continue }
            throw Refusal(
                most == 0 ? .wrongState : .quantityExceeds,
                "Of '\(record.lines[place].sku)' \(line[.licensed]) are licensed, not \(quantity); "
                    + (most == 0 ? "a licence comes first." : "\(most) would pass."),
                path: "$.payload.body.quantities[\(place)]",
                existing: record.index
            )
        }
        guard day <= record.deadlines.licensed, today <= record.deadlines.licensed else {
            throw Refusal(
                .licenceExpired,
                "The licence had run out on that day; a new one comes first.",
                path: "$.payload.body.date",
                existing: record.index
            )
        }
    }

    /// Refuses a day that lies after tomorrow or long before.
    private func checkDate(_ date: CalendarDate) throws(Refusal) -> UInt64 {
        let first = today - min(today, StatementTime.behindMax / 86_400)
        guard let day = UInt64(exactly: date.dayNumber), (first...(today + 1)).contains(day) else {
            let isLate = date.dayNumber > Int(today)
            throw Refusal(
                isLate ? .tooNew : .tooOld,
                "\(date) is \(isLate ? "after tomorrow" : "too long ago") by the block time.",
                path: "$.payload.body.date"
            )
        }
        return day
    }

    /// Takes in what arrived; if that is all, the rest is missing.
    mutating func accept(
        _ quantities: [UInt64],
        on date: CalendarDate,
        isFinal: Bool,
        of record: inout ClaimRecord
    ) throws(Refusal) {
        guard record.count(in: .inTransit) > 0 else { throw nothing(.inTransit, of: record) }
        let day = try checkDate(date)
        guard isFinal || quantities.contains(where: { $0 > 0 }) else {
            throw Refusal(
                .malformed,
                "Nothing was accepted; only a final acceptance may say so.",
                path: "$.payload.body.quantities"
            )
        }
        try shift(quantities, of: &record, from: .inTransit, to: .delivered)
        record.attested = max(record.attested, day)
        guard isFinal else { return }
        let rest = record.lines.map { $0.quantities[.inTransit] }
        try shift(rest, of: &record, from: .inTransit, to: .shortfall)
    }

    /// Raises the grade of evidence for what is delivered, the weakest first.
    mutating func attest(
        _ grade: UInt64,
        _ quantities: [UInt64]?,
        of record: inout ClaimRecord
    ) throws(Refusal) {
        let quantities = quantities ?? record.lines.map { $0.quantities[.delivered] }
        guard record.count(in: .delivered) > 0 else { throw nothing(.delivered, of: record) }
        try check(quantities, of: record, in: [.delivered])
        for (place, quantity) in quantities.enumerated() {
            record.lines[place].raise(quantity, to: Int(grade))
        }
        record.attested = max(record.attested, today)
    }

    /// Ends a dispute about what stood in `from`.
    mutating func resolve(
        _ quantities: [UInt64],
        from: Bucket,
        to: Bucket,
        of record: inout ClaimRecord
    ) throws(Refusal) {
        try check(quantities, of: record, in: [.disputed])
        try checkPath(from: from, to: to)
        guard let place = record.disputes.firstIndex(where: { $0.from == from }),
            zip(quantities, record.disputes[place].quantities).allSatisfy({ $0 <= $1 })
        else {
            throw Refusal(
                .quantityExceeds,
                "Not so much is contested of what stood \(from.words).",
                path: "$.payload.body.quantities",
                existing: record.index
            )
        }
        let events: [ReleaseEvent] =
            switch to {
            case .returned: [.returned]
            case .retired: [.attrition]
            case .expired: [.cancellation]
            default: []
            }
        try shift(quantities, of: &record, from: .disputed, to: to, releasing: events)
        if to == .expired { record.ended = .cancelled }
        for line in quantities.indices {
            record.disputes[place].quantities[line] -= quantities[line]
        }
        if record.disputes[place].quantities.allSatisfy({ $0 == 0 }) {
            record.disputes.remove(at: place)
        }
    }

    /// The refusal of an event for which nothing stands where it takes from.
    func nothing(_ bucket: Bucket, of record: ClaimRecord) -> Refusal {
        Refusal(
            .wrongState,
            "Nothing of the claim is \(bucket.words); it is \(record.state.words).",
            path: "$.payload.body.claim",
            existing: record.index
        )
    }
}

extension ClaimRecord.Line {
    /// Raises the evidence of `quantity` delivered items to a grade, the weakest first; those that
    /// have it already stay.
    mutating func raise(_ quantity: UInt64, to grade: Int) {
        guard grade > 0 else { return }
        while grades.count < grade { grades.append(0) }
        let graded = grades.reduce(0, +)
        let none = quantities[.delivered] - min(quantities[.delivered], graded)
        var missing = quantity
        var part = min(none, missing)
        grades[grade - 1] += part
        missing -= part
        for place in 0..<(grade - 1) where missing > 0 {
            part = min(grades[place], missing)
            grades[place] -= part
            grades[grade - 1] += part
            missing -= part
        }
        while grades.last == 0 { grades.removeLast() }
    }
}
