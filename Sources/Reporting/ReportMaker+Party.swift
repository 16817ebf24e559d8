import Ledger
import QuotaRules

extension ReportMaker {
    /// Report 1: opening, movements and closing of every account, then claims by chip and route.
    func addParties(to document: inout ReportDocument) {
        let accounts = accounts(of: query.country)
        let claims = selectedClaims
        document.sections = [
            movements(of: accounts), standings(of: accounts), buckets(of: accounts),
            evidence(claims), chips(claims), routes(claims),
        ]
        if query.period != .all {
            document.notes.append(
                "Opening and closing are at the ends of \(query.period.name), UTC by block time; "
                    + "everything else is at the checkpoint."
            )
        }
    }

    private func movements(of accounts: [Account]) -> ReportSection {
        var section = ReportSection(
            "movements",
            "Accounts: opening + added - given back = closing",
            columns: Self.accountColumns + [
                .init("opening"), .init("added"), .init("givenBack", "given back"),
                .init("closing"), .init("unit"),
            ],
            empty: "No account was used."
        )
        for account in accounts {
            guard let history = book.accounts[account.key] else { continue }
            let month = history.movement(query.period)
            let unit = account.total.unit
            section.add(
                accountCells(account.key) + [
                    .amount(month.opening, unit), .amount(month.added, unit),
                    .amount(month.taken, unit), .amount(month.closing, unit),
                    .text(unit.word),
                ]
            )
        }
        section.notes = basisNotes(accounts.map(\.key.limit))
        return section
    }

    /// Caps and room at the checkpoint.
    private func standings(of accounts: [Account]) -> ReportSection {
        var section = ReportSection(
            "standing",
            "Accounts at the checkpoint",
            columns: Self.accountColumns + [
                .init("cap"), .init("committed"), .init("room"), .init("used"),
                .init("unit"), .init("status"), .init("overrides"),
                .init("asOf", "as of leaf"),
            ],
            empty: "No account was used."
        )
        for account in accounts {
            let total = account.total
            section.add(
                accountCells(account.key) + [
                    .optional(total.cap, total.unit), .amount(total.consumed, total.unit),
                    .optional(total.room, total.unit), .share(total.consumed, of: total.cap),
                    .text(total.unit.word), .text(AccountStatus.word(total)),
                    total.overrides == 0 ? .none : .count(total.overrides), .count(total.asOf),
                ]
            )
        }
        return section
    }

    /// Where the amounts stand, a row in the account's unit and a row in chips.
    private func buckets(of accounts: [Account]) -> ReportSection {
        var section = ReportSection(
            "buckets",
            "Accounts by where things stand: all buckets - given back = committed",
            columns: Self.accountColumns + [.init("unit")] + Self.bucketColumns + [
                .init("givenBack", "given back"), .init("committed"),
            ],
            empty: "No account was used."
        )
        for account in accounts {
            let total = account.total
            let unit = total.unit
            section.add(
                accountCells(account.key) + [.text(unit.word)]
                    + total.amounts.all.map { .amount($0, unit) }
                    + [.amount(total.released, unit), .amount(total.consumed, unit)]
            )
            section.add(
                accountCells(account.key) + [.text("chips")] + Self.cells(total.chips)
                    + [.count(total.releasedChips), .count(total.consumedChips)]
            )
        }
        return section
    }

    private func routes(
        _ claims: [ClaimStanding]
    ) -> ReportSection {
        var sums = SortedSums(Volume())
        for standing in claims {
            let key = [standing.claim.destination, standing.claim.authority]
            sums[key].add(standing.volume)
        }
        var section = ReportSection(
            "routes",
            "Claims that count, by destination and route",
            columns: [.init("country"), .init("route")] + Self.volumeColumns,
            empty: "No claim."
        )
        for (key, volume) in sums.sorted {
            section.add([.text(key[0]), .text(key[1])] + Self.cells(volume))
        }
        return section
    }

    /// Columns of a ``Volume``.
    static var volumeColumns: [ReportSection.Column] {
        [.init("claims"), .init("units"), .init("chips"), .init("tpp", "TPP")]
    }

    /// The cells of ``volumeColumns``.
    static func cells(_ volume: Volume) -> [ReportCell] {
        [
            .count(volume.claims), .count(volume.units), .count(volume.circuits),
            .amount(volume.tpp, .tpp),
        ]
    }
}

extension QuotaUnit {
    /// The unit in a column of its own.
    var word: String {
        switch self {
        case .tpp: "TPP"
        case .units: "units"
        case .dollars: "USD"
        }
    }
}
