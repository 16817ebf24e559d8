import Ledger
import QuotaRules

extension ReportMaker {
    /// Report 3: shares of ultimate parents, worldwide, at home and by country; thresholds.
    func addConcentration(to document: inout ReportDocument) {
        let claims = selectedClaims
        let sites = sites(claims)
        document.sections = [
            parents(claims), parentCountries(claims), thresholds, siteCompanies(sites), structuring,
            siteStructuring(sites), shipmentStructuring(claims),
        ]
        document.notes.append(
            "A claim belongs to the ultimate parent that its recipient had when it was admitted; "
                + "the home share is what went to the country of the parent's headquarters."
        )
    }

    private struct Holding {
        var volume = Volume()
        var home: UInt64 = 0
        var headquarters = ""
    }

    private func recipient(_ claim: BookedClaim) -> PartyFacts? {
        claim.recipient(roles: state.policy.document.document.roles)
    }

    private func parents(
        _ claims: [ClaimStanding]
    ) -> ReportSection {
        var sums = SortedSums(Holding())
        var all = Volume()
        for standing in claims {
            guard let party = recipient(standing.claim) else { continue }
            let volume = standing.volume
            var holding = sums[[party.parentID]]
            holding.volume.add(volume)
            holding.headquarters = party.parentHeadquarters
            if standing.claim.destination == party.parentHeadquarters {
                holding.home = holding.home.clamped(plus: volume.tpp)
            }
            sums[[party.parentID]] = holding
            all.add(volume)
        }
        var section = ReportSection(
            "parents",
            "Ultimate parents of recipients, worldwide",
            columns: [.init("parent"), .init("headquarters")] + Self.volumeColumns + [
                .init("share", "of all"), .init("home", "at home"),
            ],
            empty: "No claim counts."
        )
        let ranked = sums.sorted.sorted { $0.value.volume.tpp > $1.value.volume.tpp }
        for (key, holding) in ranked {
            section.add(
                [.text(key[0]), .text(holding.headquarters)] + Self.cells(holding.volume) + [
                    .share(holding.volume.tpp, of: all.tpp),
                    .share(holding.home, of: holding.volume.tpp),
                ]
            )
        }
        return section
    }

    private func parentCountries(
        _ claims: [ClaimStanding]
    ) -> ReportSection {
        var sums = SortedSums(Volume())
        var countries = SortedSums(Volume())
        var parents = SortedSums(Volume())
        for standing in claims {
            guard let party = recipient(standing.claim) else { continue }
            let volume = standing.volume
            sums[[standing.claim.destination, party.parentID]].add(volume)
            countries[[standing.claim.destination]].add(volume)
            parents[[party.parentID]].add(volume)
        }
        var section = ReportSection(
            "parentCountries",
            "Ultimate parents by country",
            columns: [.init("country"), .init("parent")] + Self.volumeColumns + [
                .init("countryShare", "of the country"), .init("parentShare", "of the parent"),
            ],
            empty: "No claim counts."
        )
        for (key, volume) in sums.sorted {
            section.add(
                [.text(key[0]), .text(key[1])] + Self.cells(volume) + [
                    .share(volume.tpp, of: countries[[key[0]]].tpp),
                    .share(volume.tpp, of: parents[[key[1]]].tpp),
                ]
            )
        }
        return section
    }

    /// The accounts of limits whose subject is a company, the fullest first.
    private var companyAccounts: [Account] {
        let policy = state.policy.document
        return state.accounts.filter { account in
            guard let limit = policy.limit(account.key.limit) else { return false }
            let isCompany = limit.subject.contains { part in
                guard case .party(_, let field) = part else { return false }
                return field == .id || field == .parent
            }
            return isCompany
                && (query.country.map { account.key.subject.contains($0) } ?? true)
        }
    }

    private var thresholds: ReportSection {
        var section = ReportSection(
            "thresholds",
            "Distance to every threshold of a company",
            columns: Self.accountColumns + [
                .init("cap"), .init("committed"), .init("room"), .init("used"), .init("unit"),
                .init("status"),
            ],
            empty: "No company has an account."
        )
        for account in companyAccounts {
            let total = account.total
            section.add(
                accountCells(account.key) + [
                    .optional(total.cap, total.unit), .amount(total.consumed, total.unit),
                    .optional(total.room, total.unit), .share(total.consumed, of: total.cap),
                    .text(total.unit.word), .text(AccountStatus.word(total)),
                ]
            )
        }
        section.notes = basisNotes(companyAccounts.map(\.key.limit))
        return section
    }
}
