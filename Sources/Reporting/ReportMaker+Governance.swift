import Ledger
import QuotaRules

extension ReportMaker {
    /// Report 10: members, policy versions, decisions, and who took part.
    func addGovernance(to document: inout ReportDocument) {
        document.sections = [
            members, versions, proposals, suspensions, grants, acts, sealedFields, disclosures,
        ]
        document.notes.append(
            "A block counts for the member that proposed it; missed turns are not on the ledger."
        )
    }

    /// The policy in force, what is scheduled, and every version before.
    func addPolicies(to document: inout ReportDocument) {
        let summary = PolicySummary(state.policy.document, catalogue: state.catalogue.document)
        document.notes = ["In force: \(summary.title)"]
        document.notes += state.scheduledPolicies.map {
            "Scheduled from \($0.effective?.description ?? "adoption"): "
                + PolicySummary($0.adopted.document, catalogue: nil).title
        }
        document.notes += state.scheduledCatalogues.map { adoption in
            let document = adoption.adopted.document
            return "Scheduled from \(adoption.effective?.description ?? "adoption"): catalogue "
                + "\(document.id) version \(document.version)"
        }
        document.sections = [versions] + summary.sections
    }

    private var members: ReportSection {
        var section = ReportSection(
            "members",
            "Members",
            columns: [
                .init("member"), .init("role"), .init("country"), .init("since", "since leaf"),
                .init("validator"), .init("blocks", "blocks proposed"),
                .init("statements", "statements issued"),
            ],
            empty: "No member."
        )
        for member in state.members {
            let card = member.card
            let votes = state.validators.contains { $0.id == card.id }
            section.add([
                .text(card.id), .text(card.role.rawValue), .text(card.country),
                .count(member.index), .text(votes ? "yes" : "no"),
                .count(book.proposed[card.id] ?? 0), .count(book.issued[card.id] ?? 0),
            ])
        }
        return section
    }

    /// What claims hold under digests, field by field: what could be disclosed.
    private var sealedFields: ReportSection {
        var sums = SortedSums(UInt64(0))
        for claim in book.claims where query.period.contains(ReportPeriod.month(of: claim.time)) {
            for field in claim.sealed {
                sums[[claim.exporter, field]] = sums[[claim.exporter, field]].clamped(plus: 1)
            }
        }
        var section = ReportSection(
            "sealed",
            "Private fields that claims hold digests of",
            columns: [.init("exporter"), .init("field"), .init("claims")],
            empty: "None."
        )
        for (key, claims) in sums.sorted {
            section.add([.text(key[0]), .text(key[1]), .count(claims)])
        }
        return section
    }

    /// The log of disclosures, counted: by whom, of which field.
    private var disclosures: ReportSection {
        var sums = SortedSums((count: UInt64(0), claims: Set<ClaimReference>()))
        for disclosure in book.disclosures
        where query.period.contains(ReportPeriod.month(of: disclosure.time)) {
            for field in disclosure.fields {
                let key = [disclosure.issuer, field]
                sums[key].count = sums[key].count.clamped(plus: 1)
                sums[key].claims.insert(disclosure.claim)
            }
        }
        var section = ReportSection(
            "disclosures",
            "Disclosures of private fields",
            columns: [
                .init("by"), .init("field"), .init("times"), .init("claims", "of claims"),
            ],
            empty: "None is recorded."
        )
        for (key, sum) in sums.sorted {
            section.add([
                .text(key[0]), .text(key[1]), .count(sum.count), .count(UInt64(sum.claims.count)),
            ])
        }
        section.notes = [
            "Counted is what those who disclosed recorded; who was shown a value stands on the "
                + "ledger as a salted digest only."
        ]
        return section
    }

    private var acts: ReportSection {
        var section = ReportSection(
            "acts",
            "Acts, in the order of the log",
            columns: [
                .init("leaf"), .init("time"), .init("kind"), .init("subject"), .init("by"),
                .init("approvedBy", "approved by"), .init("what"),
            ],
            empty: "None."
        )
        for act in book.acts where query.period.contains(ReportPeriod.month(of: act.time)) {
            section.add([
                .count(act.index), .text(ReportTime.text(act.time)), .text(act.kind.rawValue),
                .text(act.subject), .text(act.issuer),
                act.approvers.isEmpty ? .none : .text(act.approvers.joined(separator: " ")),
                .text(act.words),
            ])
        }
        return section
    }
}
