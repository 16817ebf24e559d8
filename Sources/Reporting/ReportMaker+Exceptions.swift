import Ledger
import QuotaRules

extension ReportMaker {
    /// Report 8: what needs somebody's attention.
    func addExceptions(to document: inout ReportDocument) {
        document.sections = [
            fullAccounts, overrides, openClaims, structuring,
            siteStructuring(sites(selectedClaims)), shipmentStructuring(selectedClaims),
            lateCheckpoints,
        ]
        document.notes.append(
            "Days count from the day of the last block, UTC. A delivery is overdue after "
                + "\(lifecycle.deliveryDays) days, a sign of presence after \(lifecycle.presenceDays)."
        )
    }

    private var lifecycle: PolicyLifecycle {
        state.policy.document.document.lifecycle ?? .standard
    }

    /// Accounts at nine tenths of their cap or beyond it.
    private var fullAccounts: ReportSection {
        var section = ReportSection(
            "accounts",
            "Accounts near, at or over their cap",
            columns: Self.accountColumns + [
                .init("status"), .init("cap"), .init("committed"), .init("room"), .init("over"),
                .init("used"), .init("unit"),
            ],
            empty: "None."
        )
        var limits: [String] = []
        for account in accounts(of: query.country) {
            let total = account.total
            let status = AccountStatus.word(total)
            guard ["near", "full", "over"].contains(status) else { continue }
            limits.append(account.key.limit)
            let excess = total.cap.map { total.consumed.clamped(minus: $0) }
            section.add(
                accountCells(account.key) + [
                    .text(status), .optional(total.cap, total.unit),
                    .amount(total.consumed, total.unit), .optional(total.room, total.unit),
                    excess == 0 ? .none : .optional(excess, total.unit),
                    .share(total.consumed, of: total.cap), .text(total.unit.word),
                ]
            )
        }
        section.notes = basisNotes(limits)
        return section
    }

    /// Accounts that carry the mark of an override.
    private var overrides: ReportSection {
        var section = ReportSection(
            "overrides",
            "Accounts that a claim entered beyond the cap",
            columns: Self.accountColumns + [
                .init("overrides"), .init("cap"), .init("committed"), .init("unit"),
            ],
            empty: "None."
        )
        for account in accounts(of: query.country) where account.total.overrides > 0 {
            let total = account.total
            section.add(
                accountCells(account.key) + [
                    .count(total.overrides), .optional(total.cap, total.unit),
                    .amount(total.consumed, total.unit), .text(total.unit.word),
                ]
            )
        }
        return section
    }

    /// Claims that somebody must do something about, one row for each thing.
    private var openClaims: ReportSection {
        var section = ReportSection(
            "claims",
            "Claims that need attention",
            columns: [
                .init("exporter"), .init("claim"), .init("country"), .init("what"),
                .init("units"), .init("since"), .init("days"),
            ],
            empty: "None."
        )
        let today = state.blockTime / 86_400
        for standing in selectedClaims {
            for hit in hits(standing.record, today: today) {
                let days = hit.since.map { today.clamped(minus: $0) }
                section.add([
                    .text(standing.claim.exporter), .text(standing.claim.reference.id),
                    .text(standing.claim.destination), .text(hit.what), .count(hit.units),
                    .optional(hit.since.map(ReportTime.day)), days.map { .count($0) } ?? .none,
                ])
            }
        }
        return section
    }

    private func hits(
        _ record: ClaimRecord,
        today: UInt64
    ) -> [(what: String, units: UInt64, since: UInt64?)] {
        var hits: [(what: String, units: UInt64, since: UInt64?)] = []
        func add(_ what: String, _ bucket: Bucket) {
            let units = record.count(in: bucket)
            if units > 0 { hits.append((what, units, nil)) }
        }
        hits += record.attention(on: today, by: lifecycle).map {
            ($0.why.rawValue, $0.items, $0.since)
        }
        if record.ended == .expired { add("licence expired with a rest", .expired) }
        add("shipper-receiver difference", .shortfall)
        add("lost", .lost)
        add("disputed", .disputed)
        return hits
    }
}

extension ReportTime {
    /// The day with a number of days since 1970-01-01.
    static func day(_ number: UInt64) -> String {
        let (seconds, overflow) = number.multipliedReportingOverflow(by: 86_400)
        guard !overflow, let day = CalendarDate(posixSeconds: seconds) else {
            return "day \(number)"
        }
        return day.description
    }
}
