import Ledger
import QuotaRules

extension ReportMaker {
    /// A limit under which several companies of one country stay a little below the cap.
    struct StructuringHit {
        let limit: String
        let period: String
        let country: String
        let companies: [String]
        let consumed: UInt64
        let unit: QuotaUnit
    }

    /// The least number of companies that makes a hit.
    static let structuringCountMin = 2

    /// Limits under which several companies of one country have used nine tenths of the cap or more
    /// and are not over.
    var structuringHits: [StructuringHit] {
        var sums = SortedSums((companies: [String](), consumed: UInt64(0), unit: QuotaUnit.tpp))
        for account in state.accounts {
            guard let limit = state.policy.document.limit(account.key.limit),
                let place = limit.subject.firstIndex(where: Self.isCompany),
                place < account.key.subject.count,
                ["near", "full"].contains(AccountStatus.word(account.total))
            else { continue }
            let company = account.key.subject[place]
            let key = [account.key.limit, account.key.period, home(of: company)]
            var sum = sums[key]
            sum.companies.append(company)
            sum.consumed = sum.consumed.clamped(plus: account.total.consumed)
            sum.unit = account.total.unit
            sums[key] = sum
        }
        return sums.sorted.filter { $0.value.companies.count >= Self.structuringCountMin }.map {
            StructuringHit(
                limit: $0.key[0],
                period: $0.key[1],
                country: $0.key[2],
                companies: $0.value.companies,
                consumed: $0.value.consumed,
                unit: $0.value.unit
            )
        }
    }

    private static func isCompany(_ part: LimitSubject) -> Bool {
        guard case .party(_, let field) = part else { return false }
        return field == .id || field == .parent
    }

    /// Where a company is; a parent that is not registered itself, where its headquarters are said
    /// to be.
    private func home(of company: String) -> String {
        if let organisation = state.organisation(company) { return organisation.body.location }
        let child = state.organisations.first { $0.body.parent?.id == company }
        return child?.body.parent?.headquarters ?? "unknown"
    }

    /// The hits as a table.
    var structuring: ReportSection {
        var section = ReportSection(
            "structuring",
            "Several companies of one country just below one cap",
            columns: [
                .init("country"), .init("limit"), .init("period"), .init("companies"),
                .init("names"), .init("together"), .init("unit"),
            ],
            empty: "None: no country has two companies at nine tenths of one cap or more."
        )
        for hit in structuringHits {
            section.add([
                .text(hit.country), .text(hit.limit), .text(hit.period),
                .count(UInt64(hit.companies.count)),
                .text(hit.companies.joined(separator: " ")), .amount(hit.consumed, hit.unit),
                .text(hit.unit.word),
            ])
        }
        return section
    }
}
