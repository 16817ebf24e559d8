import Ledger
import QuotaRules

extension ReportMaker {
    /// Report 2: the sum of the members' accounts, the members with dates.
    func addGroups(to document: inout ReportDocument) {
        let day = CalendarDate(posixSeconds: state.blockTime)
        document.sections = [groupSums(on: day), groupMembers(on: day)]
        document.notes.append(
            "A country counts in every group that the policy in force puts it in on the day of the "
                + "last block."
        )
    }

    private var countries: [String] {
        var sums = SortedSums(false)
        for account in state.accounts {
            guard let limit = state.policy.document.limit(account.key.limit), limit.isByCountry,
                let country = account.key.subject.first
            else { continue }
            sums[[country]] = true
        }
        for claim in book.claims { sums[[claim.destination]] = true }
        return sums.sorted.map { $0.key[0] }
    }

    private func groups(of country: String, on day: CalendarDate?) -> [CountryGroup] {
        guard let day else { return [] }
        let policy = state.policy.document
        return policy.document.groups.filter { policy.isMember(country, of: $0.id, on: day) }
    }

    private func groupSums(on day: CalendarDate?) -> ReportSection {
        struct Sum {
            var consumed: UInt64 = 0
            var cap: UInt64?
            var members: UInt64 = 0
            var unit = QuotaUnit.tpp
        }
        var sums = SortedSums(Sum())
        for account in state.accounts {
            guard let limit = state.policy.document.limit(account.key.limit), limit.isByCountry,
                let country = account.key.subject.first
            else { continue }
            for group in groups(of: country, on: day) {
                let key = [group.id, account.key.limit, account.key.period]
                var sum = sums[key]
                sum.consumed = sum.consumed.clamped(plus: account.total.consumed)
                if let cap = account.total.cap { sum.cap = (sum.cap ?? 0).clamped(plus: cap) }
                sum.members += 1
                sum.unit = account.total.unit
                sums[key] = sum
            }
        }
        var section = ReportSection(
            "groups",
            "Groups: sums of their members' accounts",
            columns: [
                .init("group"), .init("limit"), .init("period"), .init("basis"),
                .init("members", "members with an account"), .init("caps", "sum of caps"),
                .init("committed"), .init("used"), .init("unit"),
            ],
            empty: "No country of a group has an account."
        )
        for (key, sum) in sums.sorted {
            section.add([
                .text(key[0]), .text(key[1]), .text(key[2]), .text(basis(of: key[1])),
                .count(sum.members), .optional(sum.cap, sum.unit),
                .amount(sum.consumed, sum.unit), .share(sum.consumed, of: sum.cap),
                .text(sum.unit.word),
            ])
        }
        section.notes = basisNotes(sums.sorted.map { $0.key[1] })
        return section
    }

    private func groupMembers(on day: CalendarDate?) -> ReportSection {
        var volumes = SortedSums(Volume())
        for standing in selectedClaims {
            volumes[[standing.claim.destination]].add(standing.volume)
        }
        var section = ReportSection(
            "members",
            "Countries with claims or accounts, by group",
            columns: [.init("group"), .init("country"), .init("from"), .init("through")]
                + Self.volumeColumns,
            empty: "No country has a claim or an account."
        )
        for group in state.policy.document.document.groups {
            for country in countries where groups(of: country, on: day).contains(group) {
                let dates = membership(of: country, in: group, on: day)
                section.add(
                    [
                        .text(group.id), .text(country), .optional(dates?.from.description),
                        .optional(dates?.through?.description),
                    ] + Self.cells(volumes[[country]])
                )
            }
        }
        for country in countries where groups(of: country, on: day).isEmpty {
            section.add(
                [.text("none"), .text(country), .none, .none] + Self.cells(volumes[[country]])
            )
        }
        return section
    }

    /// The dates of a membership; nil where a group is defined by what it is not.
    private func membership(
        of country: String,
        in group: CountryGroup,
        on day: CalendarDate?
    ) -> Validity? {
        guard let day else { return nil }
        return group.members.first {
            $0.validity.contains(day) && $0.countries.contains(country)
        }?.validity
    }
}
