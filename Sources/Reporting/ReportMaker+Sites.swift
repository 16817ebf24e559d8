import Ledger
import QuotaCrypto
import QuotaRules

extension ReportMaker {
    /// A place where goods stand: the facilities of one country whose address has one digest.
    struct Site {
        /// The facilities, in the order of the claims.
        var facilities: [String] = []
        /// Who runs them.
        var operators: [String] = []
        /// The organisations that received goods there.
        var organisations: [String] = []
        /// Their ultimate parents.
        var parents: [String] = []
        /// What stands there and counts.
        var volume = Volume()
    }

    /// The sites that claims name, by country and digest of the address.
    func sites(_ claims: [ClaimStanding]) -> [(key: [String], value: Site)] {
        var sums = SortedSums(Site())
        for standing in claims {
            guard let id = standing.record.facts.facility, let body = state.facility(id)?.body
            else { continue }
            let volume = standing.volume
            guard volume.units > 0 else { continue }
            let key = [body.country, body.address.description]
            var site = sums[key]
            site.facilities.appendNew(id)
            site.operators.appendNew(body.operatorID)
            site.volume.add(volume)
            if let party = standing.claim.recipient(roles: state.policy.document.document.roles) {
                site.organisations.appendNew(party.organisation)
                site.parents.appendNew(party.parentID)
            }
            sums[key] = site
        }
        return sums.sorted
    }

    /// Who stands together at one address.
    func siteCompanies(_ sites: [(key: [String], value: Site)]) -> ReportSection {
        var section = ReportSection(
            "sites",
            "Companies at one address",
            columns: [
                .init("country"), .init("facilities"), .init("operators"), .init("companies"),
                .init("names"), .init("parents"),
            ] + Self.volumeColumns,
            empty: "No claim that counts names a facility."
        )
        for (key, site) in sites {
            section.add(
                [
                    .text(key[0]), .text(site.facilities.joined(separator: " ")),
                    .text(site.operators.joined(separator: " ")),
                    .count(UInt64(site.organisations.count)),
                    .text(site.organisations.joined(separator: " ")),
                    .count(UInt64(site.parents.count)),
                ] + Self.cells(site.volume)
            )
        }
        section.notes = ["Facilities whose addresses have one digest are one site."]
        return section
    }

    /// Caps that the companies at one address keep one by one and would pass together, or that two
    /// or more of them have all but reached.
    func siteStructuring(_ sites: [(key: [String], value: Site)]) -> ReportSection {
        var section = ReportSection(
            "siteStructuring",
            "Companies at one address, each under a cap that they near or pass together",
            columns: [
                .init("country"), .init("facilities"), .init("limit"), .init("period"),
                .init("companies"), .init("near", "near the cap"), .init("names"),
                .init("together"), .init("cap", "cap of one"), .init("unit"),
            ],
            empty: "None: no two companies at one address near or pass one cap together."
        )
        for (key, site) in sites where site.organisations.count >= Self.structuringCountMin {
            for group in companyGroups(at: site) {
                section.add([
                    .text(key[0]), .text(site.facilities.joined(separator: " ")),
                    .text(group.limit), .text(group.period),
                    .count(UInt64(group.companies.count)), .count(group.near),
                    .text(group.companies.joined(separator: " ")),
                    .amount(group.consumed, group.unit), .amount(group.cap, group.unit),
                    .text(group.unit.word),
                ])
            }
        }
        return section
    }

    private struct CompanyGroup {
        var limit = ""
        var period = ""
        var companies: [String] = []
        var near: UInt64 = 0
        var consumed: UInt64 = 0
        var cap: UInt64 = .max
        var unit = QuotaUnit.tpp
    }

    /// What the companies at a site hold in one limit and period, where it is a hit.
    private func companyGroups(at site: Site) -> [CompanyGroup] {
        var groups = SortedSums(CompanyGroup())
        for account in state.accounts {
            guard let cap = account.total.cap, account.total.consumed <= cap,
                account.total.consumed > 0,
                let company = company(of: account.key, at: site)
            else { continue }
            let key = [account.key.limit, account.key.period]
            var group = groups[key]
            (group.limit, group.period) = (key[0], key[1])
            group.companies.append(company)
            if AccountStatus.word(account.total) != "open" { group.near += 1 }
            group.consumed = group.consumed.clamped(plus: account.total.consumed)
            group.cap = min(group.cap, cap)
            group.unit = account.total.unit
            groups[key] = group
        }
        return groups.sorted.map(\.value).filter { group in
            group.companies.count >= Self.structuringCountMin
                && (group.consumed > group.cap || group.near >= UInt64(Self.structuringCountMin))
        }
    }

    /// The company of a site that an account is about; nil for accounts of others.
    private func company(of key: AccountKey, at site: Site) -> String? {
        guard let limit = state.policy.document.limit(key.limit) else { return nil }
        for (part, name) in zip(limit.subject, key.subject) {
            guard case .party(_, let field) = part else { continue }
            let isHere =
                field == .id
                ? site.organisations.contains(name)
                : field == .parent && site.parents.contains(name)
            if isHere { return name }
        }
        return nil
    }
}

extension [String] {
    /// Adds a name that is not there yet.
    fileprivate mutating func appendNew(_ name: String) {
        if !contains(name) { append(name) }
    }
}
