import Ledger
import QuotaRules

extension ReportMaker {
    /// Every policy and catalogue that was adopted, in the order of the log.
    var versions: ReportSection {
        var section = ReportSection(
            "versions",
            "Policies and catalogues, in force and before",
            columns: [
                .init("document"), .init("id"), .init("version"), .init("leaf"), .init("state"),
                .init("effective"), .init("since"), .init("until"), .init("by"),
                .init("citation"),
            ],
            empty: "Nothing."
        )
        for adoption in state.policies {
            let document = adoption.adopted.document
            section.add(
                [.text("policy"), .text(document.id), .count(document.version)]
                    + Self.cells(adoption) + [.text(document.document.citation)]
            )
        }
        for adoption in state.catalogues {
            let document = adoption.adopted.document
            section.add(
                [.text("catalogue"), .text(document.id), .count(document.version)]
                    + Self.cells(adoption) + [.text(document.source)]
            )
        }
        return section
    }

    private static func cells<Document>(_ adoption: Adoption<Document>) -> [ReportCell] {
        [
            .count(adoption.adopted.index),
            .text(adoption.state.rawValue.replacing("_", with: " ")),
            .optional(adoption.effective?.description),
            .optional(adoption.since.map(ReportTime.text)),
            .optional(adoption.until.map(ReportTime.text)), .text(adoption.issuer),
        ]
    }

    /// Every proposal with its votes.
    var proposals: ReportSection {
        var section = ReportSection(
            "proposals",
            "Proposals",
            columns: [
                .init("leaf"), .init("proposal"), .init("by"), .init("action"), .init("state"),
                .init("opened"), .init("closed"), .init("approve"), .init("reject"),
            ],
            empty: "None."
        )
        for (subject, record) in state.proposals {
            section.add(
                [
                    .count(record.index), .text(subject.id), .text(subject.issuer),
                    .text(record.body.action.matter.rawValue), .text(record.state.rawValue),
                    .text(ReportTime.text(record.opened)),
                    .optional(record.closed.map(ReportTime.text)),
                ] + Self.votes(record.ballot)
            )
        }
        return section
    }

    /// Every suspension with its votes.
    var suspensions: ReportSection {
        var section = ReportSection(
            "suspensions",
            "Suspensions",
            columns: [
                .init("leaf"), .init("member"), .init("by"), .init("state"), .init("since"),
                .init("closed"), .init("approve"), .init("reject"),
            ],
            empty: "None."
        )
        for (subject, record) in state.suspensions {
            section.add(
                [
                    .count(record.index), .text(record.member), .text(subject.issuer),
                    .text(record.state.rawValue), .text(ReportTime.text(record.since)),
                    .optional(record.closed.map(ReportTime.text)),
                ] + Self.votes(record.ballot)
            )
        }
        return section
    }

    /// Agreements that raise a cap, and allocations.
    var grants: ReportSection {
        var section = ReportSection(
            "grants",
            "Agreements and allocations",
            columns: [
                .init("kind"), .init("limit"), .init("subject"), .init("grant"), .init("from"),
                .init("through"), .init("decided", "decided by leaf"), .init("citation"),
            ],
            empty: "None."
        )
        for record in state.agreements {
            let terms = record.terms
            section.add([
                .text("agreement"), .text(terms.limit), .text(terms.country),
                .text("+\(terms.percent) %"), .text(terms.validity.from.description),
                .optional(terms.validity.through?.description), .count(record.decided),
                .text(terms.citation),
            ])
        }
        for record in state.allocations {
            let terms = record.terms
            let unit = state.policy.document.limit(terms.limit)?.metric.unit ?? .tpp
            section.add([
                .text("allocation"), .text(terms.limit),
                .text(terms.subject.joined(separator: " ")), .amount(terms.amount, unit),
                .text(terms.validity.from.description),
                .optional(terms.validity.through?.description), .count(record.decided),
                .text(terms.citation),
            ])
        }
        return section
    }

    private static func votes(_ ballot: Ballot) -> [ReportCell] {
        [true, false].map { approves in
            let members = ballot.members(approving: approves)
            return members.isEmpty ? .none : .text(members.joined(separator: " "))
        }
    }
}
