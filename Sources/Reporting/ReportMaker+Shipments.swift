import Ledger
import QuotaRules

extension ReportMaker {
    /// An amount from which on the policy treats a single shipment otherwise.
    private struct ShipmentThreshold {
        /// The limit by shipment, or the notice.
        let id: String
        /// The limit in whose measure a shipment counts.
        let limit: String
        /// The routes that it is on; nil for all.
        let route: String?
        /// The largest amount that stays below it; nil for the cap that the rules say.
        let most: UInt64?
    }

    /// The shipments of one month to one ultimate parent that stay below one threshold.
    private struct ShipmentGroup {
        var claims: UInt64 = 0
        var near: UInt64 = 0
        var exporters: Set<String> = []
        var together: UInt64 = 0
        var most: UInt64 = .max
        var unit = QuotaUnit.tpp
    }

    /// Shipments that a threshold of a single shipment lets pass one by one, and that would not pass
    /// it as one.
    func shipmentStructuring(_ claims: [ClaimStanding]) -> ReportSection {
        var section = ReportSection(
            "shipmentStructuring",
            "Shipments of one month to one ultimate parent, each below a threshold that they pass "
                + "together",
            columns: [
                .init("parent"), .init("threshold"), .init("month"), .init("claims"),
                .init("near", "just below"), .init("exporters"), .init("together"),
                .init("most", "most for one"), .init("unit"),
            ],
            empty: "None, or the policy in force has no threshold of a single shipment."
        )
        for (key, group) in shipmentGroups(claims).sorted
        where group.claims >= UInt64(Self.structuringCountMin) && group.together > group.most {
            section.add([
                .text(key[0]), .text(key[1]), .text(key[2]), .count(group.claims),
                .count(group.near), .text(group.exporters.sorted().joined(separator: " ")),
                .amount(group.together, group.unit), .amount(group.most, group.unit),
                .text(group.unit.word),
            ])
        }
        section.notes = ["Just below are shipments within a tenth of the most for one."]
        return section
    }

    private func shipmentGroups(_ claims: [ClaimStanding]) -> SortedSums<ShipmentGroup> {
        var groups = SortedSums(ShipmentGroup())
        let thresholds = shipmentThresholds
        guard !thresholds.isEmpty else { return groups }
        for standing in claims where standing.volume.units > 0 {
            let claim = standing.claim
            guard
                let parent = claim.recipient(roles: state.policy.document.document.roles)?.parentID
            else { continue }
            let month = ReportPeriod(holding: ReportPeriod.month(of: claim.time), step: .month).name
            let uses = uses(of: standing)
            for threshold in thresholds
            where threshold.route.map({ $0 == claim.authority }) ?? true {
                guard let use = uses.first(where: { $0.limitID == threshold.limit }),
                    let most = threshold.most ?? use.cap, use.amount <= most
                else { continue }
                var group = groups[[parent, threshold.id, month]]
                group.claims += 1
                if most - use.amount <= most / 10 { group.near += 1 }
                group.exporters.insert(claim.exporter)
                group.together = group.together.clamped(plus: use.amount)
                group.most = min(group.most, most)
                group.unit = use.unit
                groups[[parent, threshold.id, month]] = group
            }
        }
        return groups
    }

    /// The thresholds of a single shipment in the policy in force: limits by shipment, and notices
    /// that are due from an amount on.
    private var shipmentThresholds: [ShipmentThreshold] {
        let document = state.policy.document.document
        let limits = document.limits.filter { $0.window == .shipment }.map {
            ShipmentThreshold(id: $0.id, limit: $0.id, route: nil, most: nil)
        }
        let notices = document.routes.flatMap { route in
            route.notices.compactMap { notice -> ShipmentThreshold? in
                guard let threshold = notice.threshold, threshold.measure == .shipment,
                    let unit = state.policy.document.limit(threshold.limit)?.metric.unit,
                    let least = unit.amount(threshold.atLeast), least > 0
                else { return nil }
                return ShipmentThreshold(
                    id: notice.id,
                    limit: threshold.limit,
                    route: route.id,
                    most: least - 1
                )
            }
        }
        return limits + notices
    }

    /// What the policy in force counts of a claim, limit by limit, as if it were the only one.
    private func uses(of standing: ClaimStanding) -> [LimitUse] {
        let (claim, facts) = (standing.claim, standing.record.facts)
        return evaluate(
            ClaimFacts(
                authority: claim.authority,
                destination: claim.destination,
                parties: claim.parties,
                lines: claim.lines.map { ClaimLine(sku: $0.sku, quantity: $0.quantity) },
                exported: facts.exported,
                received: facts.received,
                evidence: facts.evidence,
                exporter: claim.exporter,
                facility: facts.facility
            ),
            policy: state.policy.document,
            catalogue: state.catalogue.document,
            standing: EmptyStanding()
        ).limits
    }
}
